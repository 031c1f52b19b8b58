/// Whether a peer sends or takes a body fast enough: it may keep the node waiting for some time, which it earns back by
/// the time its bytes need at the least speed. Time in which the node itself is the slower one does not count.
///
/// Time is given from outside, as time since any fixed moment.
struct BodyPace: Sendable {
    private let limit: Duration
    private let bytesPerSecond: Double
    /// What is left of the time.
    private var allowance: Duration
    private var waitingSince: Duration?

    /// - Parameters:
    ///   - time: what a peer may wait without moving a byte.
    ///   - bytesPerSecond: the least speed.
    init(time: Duration, bytesPerSecond: Int) {
        limit = time
        allowance = time
        self.bytesPerSecond = Double(max(1, bytesPerSecond))
    }

    /// The node waits for the peer from now on, if it did not already.
    mutating func wait(at now: Duration) {
        waitingSince = waitingSince ?? now
    }

    /// The peer has moved bytes; the node no longer waits.
    mutating func moved(_ bytes: Int, at now: Duration) {
        if let since = waitingSince {
            allowance -= now - since
            waitingSince = nil
        }
        allowance = min(limit, allowance + .seconds(Double(bytes) / bytesPerSecond))
    }

    /// How long until the peer is too slow if it moves nothing; not above zero when it is.
    func rest(at now: Duration) -> Duration {
        waitingSince.map { $0 + allowance - now } ?? allowance
    }
}
