import Testing

@testable import Extensions

@Suite struct RateLimitTests {
    @Test func itLetsABurstThroughAndThenSoManyEachSecond() {
        let start = ContinuousClock.now
        var limit = RateLimit(perSecond: 10, burst: 3, now: start)
        func take(_ milliseconds: Int, times: Int) -> Int {
            (0..<times).count { _ in limit.take(start + .milliseconds(milliseconds)) }
        }
        #expect(take(0, times: 5) == 3)
        #expect([limit.takeSkipped(), limit.takeSkipped()] == [2, 0])
        #expect([take(100, times: 1), take(150, times: 1)] == [1, 0])
        #expect(take(60_000, times: 20) == 3)
    }
}
