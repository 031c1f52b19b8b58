import Testing

@testable import Node

@Suite struct TapTimelineTests {
    private let start = ContinuousClock.now

    @Test func whatFollowsHasNoGap() {
        var timeline = TapTimeline(sampleRate: 48_000)
        timeline.arrive(1024, count: 5000, at: start)
        #expect(timeline.position == 0 && timeline.missed == 0)
        timeline.handedOver(1024)
        timeline.arrive(1024, count: 6024, at: start + .seconds(9))
        #expect(timeline.position == 1024 && timeline.missed == 0)
    }

    @Test func whatTheWireOrTheReaderLostIsCounted() {
        var timeline = TapTimeline(sampleRate: 48_000)
        timeline.arrive(100, count: 0, at: start)
        timeline.skip(100)
        timeline.arrive(100, count: 130, at: start)
        #expect(timeline.position == 130 && timeline.missed == 130)
        timeline.handedOver(100)
        #expect(timeline.position == 230 && timeline.missed == 0)
    }

    @Test func whatARestartLeftOutIsTakenFromTheClock() {
        var timeline = TapTimeline(sampleRate: 1000)
        timeline.arrive(100, count: 0, at: start)
        timeline.handedOver(100)
        timeline.arrive(50, count: 0, at: start + .milliseconds(2050))
        #expect(timeline.position == 2100 && timeline.missed == 2000)
    }

    @Test func aRestartIsNeverUnseen() {
        var timeline = TapTimeline(sampleRate: 1000)
        timeline.arrive(100, count: 40, at: start)
        timeline.handedOver(100)
        timeline.arrive(100, count: 0, at: start)
        #expect(timeline.missed == 1)
    }
}
