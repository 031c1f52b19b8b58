/// How a channel behaves at one of its ends.
public struct ChannelOptions: Sendable {
    /// What happens when this end sends more than the other takes.
    public var backPressure: BackPressure
    /// How many messages may wait: in a thread channel's queue; otherwise, under the policies that do not wait, before they are handed to
    /// the system; and received ones that nobody has taken while a thread of the channel's own receives.
    public var capacity: Int
    /// A shutdown that several channels share; nil: one of its own.
    public var shutdown: ShutdownState?

    public static let usualCapacity = 10_000

    public init(
        backPressure: BackPressure = .wait, capacity: Int = usualCapacity, shutdown: ShutdownState? = nil
    ) {
        self.backPressure = backPressure
        self.capacity = capacity
        self.shutdown = shutdown
    }
}
