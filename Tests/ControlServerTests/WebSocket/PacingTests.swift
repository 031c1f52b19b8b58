import Testing

@testable import ControlServer

struct MessageRateTests {
    @Test func letsABurstThroughAndThenSpacesMessagesEvenly() {
        var rate = MessageRate(perSecond: 10, burst: 3)
        let waits = (0..<6).map { _ in rate.take(at: .zero) }
        #expect(waits == [.zero, .zero, .zero, .milliseconds(100), .milliseconds(200), .milliseconds(300)])
    }

    @Test func aSenderAtTheRateNeverWaits() {
        var rate = MessageRate(perSecond: 1000, burst: 1)
        for message in 0..<10_000 {
            #expect(rate.take(at: .milliseconds(message)) == .zero)
        }
    }

    @Test func aPauseGivesTheBurstBackAndNoMore() {
        var rate = MessageRate(perSecond: 10, burst: 2)
        _ = rate.take(at: .zero)
        _ = rate.take(at: .zero)
        #expect((0..<3).map { _ in rate.take(at: .seconds(3600)) } == [.zero, .zero, .milliseconds(100)])
    }
}

struct LivenessTests {
    @Test func pingsAClientAndGivesUpOnOneThatStaysSilent() {
        var liveness = Liveness()
        #expect(liveness.tick() == .ping)
        #expect(liveness.tick() == .ping)
        #expect(liveness.tick() == .giveUp)
    }

    @Test func anyFrameKeepsTheClient() {
        var liveness = Liveness()
        for _ in 0..<100 {
            #expect(liveness.tick() == .ping)
            #expect(liveness.tick() == .ping)
            liveness.heard()
        }
    }

    @Test func aClientWhoseMessageIsBeingHandledIsNotSilent() {
        var liveness = Liveness()
        liveness.setHandling(true)
        for _ in 0..<100 {
            #expect(liveness.tick() == .ping)
        }
        liveness.setHandling(false)
        #expect(liveness.tick() == .ping)
        #expect(liveness.tick() == .ping)
        #expect(liveness.tick() == .giveUp)
    }
}
