import Foundation
import Synchronization

/// What the server has done since it began, counted where it happens.
///
/// Threading: every method may be called from anywhere.
final class ServerCounters: Sendable {
    /// Statuses by their first digit; whatever has another is a fault of the server itself.
    static let statusClasses = 1...5

    /// Seconds since 1970 at which counting began.
    let startTime = Date().timeIntervalSince1970

    private let connections = Atomic<UInt64>(0)
    private let refusedConnections = Atomic<UInt64>(0)
    private let received = Atomic<UInt64>(0)
    private let sent = Atomic<UInt64>(0)
    private let meters = Atomic<UInt64>(0)
    private let sound = Atomic<UInt64>(0)
    private let answers = Mutex([UInt64](repeating: 0, count: ServerCounters.statusClasses.count))
    private let rejections = Mutex<[String: UInt64]>([:])
    private let queues = Mutex<[ObjectIdentifier: WebSocketClient]>([:])

    /// A connection was taken, or was one too many.
    func connected(isServed: Bool) {
        if isServed {
            connections.add(1, ordering: .relaxed)
        } else {
            refusedConnections.add(1, ordering: .relaxed)
        }
    }

    /// An HTTP answer went out.
    func answered(status: Int) {
        let index = status / 100 - Self.statusClasses.lowerBound
        answers.withLock { answers in
            if answers.indices.contains(index) { answers[index] += 1 }
        }
    }

    /// A request was turned away by its header. Codes are words of the server's own, so there are few.
    func rejected(code: String) {
        rejections.withLock { $0[code, default: 0] += 1 }
    }

    func messageReceived() { received.add(1, ordering: .relaxed) }
    func messagesSent(_ count: Int) { sent.add(UInt64(count), ordering: .relaxed) }

    /// Lists a client whose queue is looked at until ``remove(_:)``.
    func add(_ client: WebSocketClient) {
        queues.withLock { $0[ObjectIdentifier(client)] = client }
    }

    /// Forgets a client; the number of meters or pieces of sound that it missed is kept.
    func remove(_ client: WebSocketClient) {
        let known = queues.withLock { $0.removeValue(forKey: ObjectIdentifier(client)) }
        guard known != nil else { return }
        let dropped = UInt64(client.waiting.droppedMeters)
        switch client.path {
        case .control: meters.add(dropped, ordering: .relaxed)
        case .listening: sound.add(dropped, ordering: .relaxed)
        }
    }

    /// Everything at one moment.
    struct Snapshot: Sendable {
        var connections: UInt64
        var refusedConnections: UInt64
        /// HTTP answers by the first digit of their status.
        var answers: [(status: Int, count: UInt64)]
        /// By code, in its order.
        var rejections: [(code: String, count: UInt64)]
        var messagesReceived: UInt64
        var messagesSent: UInt64
        /// Bytes that wait for all WebSocket clients together.
        var waitingBytes: Int
        /// Bytes that wait for the slowest.
        var longestQueueBytes: Int
        var droppedMeters: UInt64
        /// Pieces of sound that slow listeners missed.
        var droppedSound: UInt64
        /// Of all kinds.
        var webSockets: Int
        var listeners: Int
    }

    func snapshot() -> Snapshot {
        let clients = queues.withLock { Array($0.values) }
        let waiting = clients.map(\.waiting)
        func dropped(_ path: WebSocketPath) -> UInt64 {
            zip(clients, waiting).reduce(0) { $0 + ($1.0.path == path ? UInt64($1.1.droppedMeters) : 0) }
        }
        let answers = answers.withLock { $0 }
        let rejections = rejections.withLock { $0 }
        return Snapshot(
            connections: connections.load(ordering: .relaxed),
            refusedConnections: refusedConnections.load(ordering: .relaxed),
            answers: zip(Self.statusClasses, answers).map { ($0, $1) },
            rejections: rejections.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            messagesReceived: received.load(ordering: .relaxed),
            messagesSent: sent.load(ordering: .relaxed),
            waitingBytes: waiting.reduce(0) { $0 + $1.bytes },
            longestQueueBytes: waiting.map(\.bytes).max() ?? 0,
            droppedMeters: meters.load(ordering: .relaxed) + dropped(.control),
            droppedSound: sound.load(ordering: .relaxed) + dropped(.listening),
            webSockets: clients.count,
            listeners: clients.count { $0.path == .listening }
        )
    }
}
