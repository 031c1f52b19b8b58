/// A token bucket: how long something that comes too early has to wait, so that a rate is kept in the long run and
/// bursts go through.
///
/// Everything is taken in the end: what finds the bucket empty waits until there is a token for it.
public struct TokenBucket: Sendable {
    private let interval: Duration
    private let allowance: Duration
    /// The time at which a full bucket would again be full, if nothing came any more.
    private var fullAt: Duration = .zero

    /// - Parameters:
    ///   - perSecond: tokens each second in the long run.
    ///   - burst: tokens at once after a pause.
    public init(perSecond: Int, burst: Int) {
        interval = .seconds(1) / max(1, perSecond)
        allowance = interval * max(1, burst)
    }

    /// Takes one token.
    ///
    /// - Parameter now: time since any fixed moment; never less than in the call before.
    /// - Returns: how long to wait; zero when there was a token.
    public mutating func take(at now: Duration) -> Duration {
        fullAt = max(fullAt, now) + interval
        return max(.zero, fullAt - now - allowance)
    }
}
