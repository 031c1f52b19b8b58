/// How a channel behaves at one of its ends.
public struct ChannelOptions: Sendable {
    /// What happens when this end sends more than the other takes.
    public var backPressure: BackPressure
    /// How many messages may wait, 1 at least: in a thread channel's queue; otherwise, under the policies that do not
    /// wait, before they are handed to the system; and received ones that nobody has taken. Of those no more than
    /// 64 MiB wait either. Where tasks, handlers or wakers receive, the other end then waits. A channel that reads only
    /// because a thread asks gives up the oldest, and its metrics count that.
    public var capacity: Int {
        didSet { capacity = max(1, capacity) }
    }
    /// A shutdown that several channels share; nil: one of its own.
    public var shutdown: ShutdownState?

    public static let usualCapacity = 10_000

    public init(
        backPressure: BackPressure = .wait, capacity: Int = usualCapacity, shutdown: ShutdownState? = nil
    ) {
        self.backPressure = backPressure
        self.capacity = max(1, capacity)
        self.shutdown = shutdown
    }
}
