import ControlProtocol
import Synchronization

/// Messages on their way to the node's actor.
///
/// One turn of the actor takes all that wait: with many clients, a turn for each would cost as much as what it does.
///
/// Any thread.
final class Inbox: Sendable {
    struct Item: Sendable {
        let incoming: IncomingMessage
        /// As it came.
        let message: [UInt8]
        let client: ClientID
        /// Resumed when the message is answered, or with what makes the answer.
        let taken: CheckedContinuation<MessageRouter.SlowAnswer?, Never>
    }

    private struct State {
        var items: [Item] = []
        var isAttended = false
    }

    private let state = Mutex(State())

    /// - Returns: whether nobody attends to the inbox: the caller has to see to it.
    func add(_ item: Item) -> Bool {
        state.withLock { state in
            state.items.append(item)
            defer { state.isAttended = true }
            return !state.isAttended
        }
    }

    /// What waits, in the order in which it came. Whoever finds nothing attends no longer.
    func takeAll() -> [Item] {
        state.withLock { state in
            var items: [Item] = []
            swap(&items, &state.items)
            state.isAttended = !items.isEmpty
            return items
        }
    }
}
