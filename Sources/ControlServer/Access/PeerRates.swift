/// How often each peer address may do something: a token bucket an address, in a table of bounded size.
///
/// Time is given from outside, as time since any fixed moment.
struct PeerRates: Sendable {
    private let interval: Duration
    private let allowance: Duration
    private let capacity: Int
    /// When an address's bucket will be full again.
    private var fullAt: [PeerAddress: Duration] = [:]

    /// - Parameters:
    ///   - perSecond: how often in the long run.
    ///   - burst: how often at once after a pause.
    ///   - capacity: addresses that are remembered. When more come at once, all are forgotten: the limit on all
    ///     connections together still holds then.
    init(perSecond: Double, burst: Int, capacity: Int = 8192) {
        interval = .seconds(1) / max(perSecond, 1e-6)
        allowance = interval * max(1, burst)
        self.capacity = capacity
    }

    /// Takes one from an address's bucket.
    ///
    /// - Returns: whether there was one; nothing is taken otherwise.
    mutating func take(_ peer: PeerAddress, at now: Duration) -> Bool {
        guard wait(of: peer, at: now) == .zero else { return false }
        let next = max(fullAt[peer] ?? .zero, now) + interval
        if fullAt[peer] == nil, fullAt.count >= capacity {
            fullAt = fullAt.filter { $0.value > now }
            if fullAt.count >= capacity { fullAt = [:] }
        }
        fullAt[peer] = next
        return true
    }

    /// How long until an address's bucket has one again; zero when it has.
    func wait(of peer: PeerAddress, at now: Duration) -> Duration {
        guard let full = fullAt[peer] else { return .zero }
        return max(.zero, full + interval - now - allowance)
    }
}
