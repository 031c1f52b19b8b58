import Synchronization

/// The number of open connections, and whether one more is served.
final class ConnectionCount: Sendable {
    private let limit: Int
    private let open = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts one connection. Balance every call with ``leave()``, whatever it returns.
    ///
    /// - Returns: whether the connection is within the limit.
    func enter() -> Bool {
        open.add(1, ordering: .relaxed).newValue <= limit
    }

    func leave() {
        open.subtract(1, ordering: .relaxed)
    }
}
