import ControlProtocol

/// The asks of a client that wait for their answers, by the `requestId` that they were sent with.
///
/// An id is never used twice, so an answer that comes after its ask has been given up matches nothing.
struct PendingAsks<Waiter> {
    private var waiters: [Int64: Waiter] = [:]
    private var lastID: Int64 = 0

    var count: Int { waiters.count }

    /// A new id.
    mutating func next() -> Int64 {
        lastID += 1
        return lastID
    }

    mutating func add(_ waiter: Waiter, id: Int64) {
        waiters[id] = waiter
    }

    /// Takes the waiter of an answer out; nil when nobody waits for it any more.
    mutating func take(_ id: RequestID?) -> Waiter? {
        guard case .number(let number) = id else { return nil }
        return waiters.removeValue(forKey: number)
    }

    /// Takes all waiters out, in the order in which they asked.
    mutating func takeAll() -> [Waiter] {
        defer { waiters.removeAll() }
        return waiters.sorted { $0.key < $1.key }.map(\.value)
    }
}
