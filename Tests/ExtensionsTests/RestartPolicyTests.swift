import Testing

@testable import Extensions

@Suite struct RestartPolicyTests {
    @Test func pausesDoubleAndThenItIsGivenUp() {
        var policy = RestartPolicy()
        let decisions = (0..<6).map { _ in policy.ended(after: .zero) }
        #expect(
            decisions == [
                .again(after: .milliseconds(500)), .again(after: .seconds(1)), .again(after: .seconds(2)),
                .again(after: .seconds(4)), .again(after: .seconds(8)), .giveUp,
            ])
    }

    @Test func aGoodWhileMakesItStartAnew() {
        var policy = RestartPolicy()
        for _ in 0..<100 {
            _ = policy.ended(after: .zero)
            _ = policy.ended(after: .zero)
            #expect(policy.ended(after: RestartPolicy.goodWhile) == .again(after: RestartPolicy.firstPause))
        }
    }
}
