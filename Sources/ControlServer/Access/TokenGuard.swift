import Synchronization

/// Asks for the access token, and slows down an address that shows wrong ones.
///
/// Only wrong tokens count, not missing ones. While an address waits, its right token is not looked at either: whoever
/// guesses learns nothing.
final class TokenGuard: Sendable {
    /// Wrong tokens that an address may show at once, and afterwards each minute.
    static let burst = 10

    /// Time since any fixed moment.
    private let now: @Sendable () -> Duration
    private let failures = Mutex(PeerRates(perSecond: Double(burst) / 60, burst: burst))

    init(now: @escaping @Sendable () -> Duration) {
        self.now = now
    }

    convenience init() {
        let start = ContinuousClock.now
        self.init { ContinuousClock.now - start }
    }

    /// - Parameters:
    ///   - token: what must be shown.
    ///   - shown: what was shown; more than one is as wrong as a wrong one.
    ///   - peer: who shows it.
    /// - Returns: why the request is not answered; nil when it is.
    func refusal(token: AccessToken, shown: [String], peer: PeerAddress) -> Refusal? {
        guard !shown.isEmpty else {
            return Self.unauthorized(
                "token_missing", "This node asks for its access token: Authorization: Bearer TOKEN.")
        }
        let moment = now()
        return failures.withLock { failures in
            let wait = failures.wait(of: peer, at: moment)
            guard wait == .zero else {
                return Refusal(
                    429,
                    "too_many_tokens",
                    "Too many wrong access tokens came from this address. Try again later.",
                    fields: [.init(name: "Retry-After", value: String(wait.components.seconds + 1))]
                )
            }
            guard shown.count == 1, token.matches(shown[0]) else {
                _ = failures.take(peer, at: moment)
                return Self.unauthorized("token_wrong", "This is not the access token of this node.")
            }
            return nil
        }
    }

    private static func unauthorized(_ code: String, _ message: String) -> Refusal {
        Refusal(401, code, message, fields: [.init(name: "WWW-Authenticate", value: "Bearer")])
    }
}
