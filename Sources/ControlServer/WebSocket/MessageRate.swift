/// A token bucket: how long a client's next message has to wait.
///
/// Every message is taken in the end. One that comes too early waits until the bucket has a token for it, and because
/// nothing is read meanwhile, TCP slows the sender down.
struct MessageRate: Sendable {
    private let interval: Duration
    private let allowance: Duration
    /// The time at which a full bucket would again be full, if no message came any more.
    private var fullAt: Duration = .zero

    /// - Parameters:
    ///   - perSecond: messages each second in the long run.
    ///   - burst: messages at once after a pause.
    init(perSecond: Int, burst: Int) {
        interval = .seconds(1) / max(1, perSecond)
        allowance = interval * max(1, burst)
    }

    /// Takes one message.
    ///
    /// - Parameter now: time since any fixed moment; never less than in the call before.
    /// - Returns: how long the message must wait before it is handled; zero when it need not.
    mutating func take(at now: Duration) -> Duration {
        fullAt = max(fullAt, now) + interval
        return max(.zero, fullAt - now - allowance)
    }
}
