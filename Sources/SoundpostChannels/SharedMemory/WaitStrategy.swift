/// How an end of a shared-memory connection waits for the other one.
public struct WaitStrategy: Sendable, Hashable {
    /// For how long it looks again and again before it sleeps in the kernel. Looking answers within a fraction of a
    /// microsecond but occupies a core; being woken takes several microseconds. An end that looked in vain several
    /// times in a row sleeps at once, and tries it only once in a while.
    public var spin: Duration

    public init(spin: Duration) {
        self.spin = spin
    }

    /// Sleeps after a moment: for everything that does not wait for answers in a loop.
    public static let sleeping = WaitStrategy(spin: .microseconds(20))
    /// Looks for up to a millisecond: for two processes that answer each other at once and have a core each.
    public static let spinning = WaitStrategy(spin: .milliseconds(1))

    /// At most a day, which no addition overflows.
    var spinNanoseconds: Int64 {
        let length = min(max(spin, .zero), .seconds(86_400)).components
        return length.seconds * 1_000_000_000 + length.attoseconds / 1_000_000_000
    }
}
