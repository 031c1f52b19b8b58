import Testing

@testable import Node

struct TokenBucketTests {
    @Test func letsABurstThroughAndThenSpacesEvenly() {
        var rate = TokenBucket(perSecond: 10, burst: 3)
        let waits = (0..<6).map { _ in rate.take(at: .zero) }
        #expect(waits == [.zero, .zero, .zero, .milliseconds(100), .milliseconds(200), .milliseconds(300)])
    }

    @Test func aSenderAtTheRateNeverWaits() {
        var rate = TokenBucket(perSecond: 1000, burst: 1)
        for message in 0..<10_000 {
            #expect(rate.take(at: .milliseconds(message)) == .zero)
        }
    }

    @Test func aPauseGivesTheBurstBackAndNoMore() {
        var rate = TokenBucket(perSecond: 10, burst: 2)
        _ = rate.take(at: .zero)
        _ = rate.take(at: .zero)
        #expect((0..<3).map { _ in rate.take(at: .seconds(3600)) } == [.zero, .zero, .milliseconds(100)])
    }
}
