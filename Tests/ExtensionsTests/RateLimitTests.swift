import Testing

@testable import Extensions

@Suite struct RateLimitTests {
    @Test func itLetsABurstThroughAndThenSoManyEachSecond() {
        let start = ContinuousClock.now
        var limit = RateLimit(perSecond: 10, burst: 3, now: start)
        #expect((0..<5).map { _ in limit.take(start) } == [true, true, true, false, false])
        #expect(limit.takeSkipped() == 2 && limit.takeSkipped() == 0)
        #expect(limit.take(start + .milliseconds(100)))
        #expect(!limit.take(start + .milliseconds(150)))
        let later = (0..<20).filter { _ in limit.take(start + .seconds(60)) }
        #expect(later.count == 3)
    }
}
