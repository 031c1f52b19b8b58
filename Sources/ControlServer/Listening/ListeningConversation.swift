import AudioEngine
import Synchronization

/// Somebody who listens: what the chain plays goes out as binary messages, and nothing that comes in matters.
///
/// Whoever reads too slowly misses whole messages, the oldest first, so that what waits stays short and new.
final class ListeningConversation: Conversation {
    private struct Listening {
        var sound: any AudioListening
        var seat: ListeningRoom.Seat
    }

    private let client: WebSocketClient
    private let backend: any ControlBackend
    private let room: ListeningRoom
    private let limit: Int
    /// Nil before it has begun and after it has ended.
    private let listening = Mutex<Listening?>(nil)

    /// - Parameter limit: who may be in the room at once.
    init(client: WebSocketClient, backend: any ControlBackend, room: ListeningRoom, limit: Int) {
        self.client = client
        self.backend = backend
        self.room = room
        self.limit = limit
    }

    var takesMessages: Bool { false }

    func begin() async {
        guard let seat = room.seat(limit: limit) else { return client.finish(.tooManyListeners) }
        let messages = Mutex(SoundMessages())
        let sound = backend.startListening { [client] chunk in
            for message in messages.withLock({ $0.next(chunk) }) {
                client.send(message)
            }
        }
        listening.withLock { $0 = Listening(sound: sound, seat: seat) }
    }

    func take(_: [UInt8]) async {}

    func end() async {
        let sound = listening.withLock { listening in
            defer { listening = nil }
            return listening?.sound
        }
        sound?.end()
    }
}
