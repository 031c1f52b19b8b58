import ControlProtocol
import Synchronization

/// What clients send on its way to the node's actor, in the order in which it came.
///
/// One turn of the actor takes all that wait: with many clients, a turn for each would cost as much as what it does.
///
/// Any thread.
final class Inbox: Sendable {
    struct Item: Sendable {
        enum Content: Sendable {
            /// And its bytes as they came, and, the second time, what its preparation gave.
            case message(IncomingMessage, [UInt8], prepared: (any Sendable)?)
            /// The client has gone.
            case departure
        }

        let content: Content
        let client: ClientID
        /// Resumed when the item is dealt with, or with what is left to be done; nil when nobody waits.
        let taken: CheckedContinuation<Rest?, Never>?
    }

    /// What a message still needs, away from the node's actor.
    enum Rest: Sendable {
        case answer(MessageRouter.SlowAnswer)
        /// Before the message is handed in once more.
        case preparation(MessageRouter.Preparation)
    }

    /// Items from which on nobody may add one without waiting for it.
    static let crowd = 256
    /// Items of one client from which on it may not add one without waiting for it: nobody takes the room of all.
    static let share = 16
    /// Bytes of the longest message that may be added without waiting for it.
    static let small = 4096

    private struct State {
        var items: [Item] = []
        var counts: [ClientID: Int] = [:]
        var isAttended = false
    }

    private let state = Mutex(State())

    static func isSmall(_ message: [UInt8]) -> Bool { message.count <= small }

    /// Whether a client may add a small message without waiting for it.
    func hasRoom(for client: ClientID) -> Bool {
        state.withLock { $0.items.count < Self.crowd && $0.counts[client, default: 0] < Self.share }
    }

    /// - Returns: whether nobody attends to the inbox: the caller has to see to it.
    func add(_ item: Item) -> Bool {
        state.withLock { state in
            state.items.append(item)
            state.counts[item.client, default: 0] += 1
            defer { state.isAttended = true }
            return !state.isAttended
        }
    }

    /// What waits, in the order in which it came. Whoever finds nothing attends no longer.
    func takeAll() -> [Item] {
        state.withLock { state in
            var items: [Item] = []
            swap(&items, &state.items)
            state.counts.removeAll(keepingCapacity: true)
            state.isAttended = !items.isEmpty
            return items
        }
    }
}
