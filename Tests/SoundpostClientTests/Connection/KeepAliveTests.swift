import Testing

@testable import SoundpostClient

@Suite struct KeepAliveTests {
    @Test func silenceIsAskedOnceAndThenGivenUp() {
        var keepAlive = KeepAlive()
        #expect(keepAlive.tick() == .none)
        #expect(keepAlive.tick() == .ping)
        #expect(keepAlive.tick() == .giveUp)
    }

    @Test func aSignOfLifeBeginsAnew() {
        var keepAlive = KeepAlive()
        _ = keepAlive.tick()
        #expect(keepAlive.tick() == .ping)
        keepAlive.heard()
        #expect(keepAlive.tick() == .none)
        #expect(keepAlive.tick() == .ping)
    }
}
