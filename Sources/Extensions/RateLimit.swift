/// Lets so many through each second, and some more at once after a pause; counts the others.
struct RateLimit: Sendable {
    private let interval: Duration
    private let burst: Duration
    private var freeAt: ContinuousClock.Instant
    private var skipped = 0

    /// - Parameter burst: how many may come at once.
    init(perSecond: Int, burst: Int, now: ContinuousClock.Instant = .now) {
        interval = .seconds(1) / perSecond
        self.burst = interval * (burst - 1)
        freeAt = now - self.burst
    }

    mutating func take(_ now: ContinuousClock.Instant = .now) -> Bool {
        freeAt = max(freeAt, now - burst)
        guard freeAt <= now else {
            skipped += 1
            return false
        }
        freeAt += interval
        return true
    }

    var hasSkipped: Bool { skipped > 0 }

    /// How many were held back since this was last asked.
    mutating func takeSkipped() -> Int {
        defer { skipped = 0 }
        return skipped
    }
}
