import ChainModel
import Foundation
import Node
import Synchronization
import WireFormats

/// A connection that keeps what it is sent.
final class RecordingClient: ClientConnection {
    struct Message: Sendable {
        let json: [String: JSONValue]
        let priority: MessagePriority

        var type: String? { self["type"] }

        subscript(key: String) -> String? {
            if case .string(let text) = json[key] { text } else { nil }
        }

        subscript(key: String) -> Bool? {
            if case .bool(let flag) = json[key] { flag } else { nil }
        }

        subscript(key: String) -> Int? {
            if case .integer(let number) = json[key] { Int(number) } else { nil }
        }
    }

    /// A question whose answer is not kept.
    static let settling = #"{"type":"ping","requestId":"settling"}"#

    let id: ClientID
    let name: String?
    let peer = "test"
    private let recorded = Mutex<[Message]>([])

    init(_ id: String, name: String? = nil) {
        self.id = ClientID(id)
        self.name = name
    }

    func send(_ text: String, priority: MessagePriority) {
        guard
            let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)),
            case .object(let members) = value
        else { fatalError("The node sent no JSON object: \(text)") }
        let message = Message(json: members, priority: priority)
        guard message["requestId"] != "settling" else { return }
        recorded.withLock { $0.append(message) }
    }

    /// Everything so far but log lines, which come when they come.
    var messages: [Message] {
        recorded.withLock { $0 }.filter { $0.type != "log_stream" }
    }

    var logLines: [Message] {
        recorded.withLock { $0 }.filter { $0.type == "log_stream" }
    }

    func messages(ofType type: String) -> [Message] {
        recorded.withLock { $0 }.filter { $0.type == type }
    }

    /// Forgets what was sent so far.
    func clear() {
        recorded.withLock { $0 = [] }
    }
}
