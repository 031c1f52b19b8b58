import Testing

@testable import ControlServer

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
