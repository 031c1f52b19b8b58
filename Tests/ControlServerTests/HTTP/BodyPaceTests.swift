import Testing

@testable import ControlServer

struct BodyPaceTests {
    @Test func endsAPeerThatMovesNothing() {
        var pace = BodyPace(time: .seconds(10), bytesPerSecond: 1000)
        pace.wait(at: .seconds(1))
        pace.wait(at: .seconds(5))
        #expect(pace.rest(at: .seconds(10)) == .seconds(1))
        #expect(pace.rest(at: .seconds(11)) == .zero)
    }

    @Test func endsAPeerThatDrips() {
        var pace = BodyPace(time: .seconds(10), bytesPerSecond: 1000)
        var now = Duration.zero
        while pace.rest(at: now) > .zero {
            pace.wait(at: now)
            now += .milliseconds(100)
            pace.moved(1, at: now)
        }
        #expect(now > .seconds(10) && now < .seconds(11))
    }

    @Test func aPeerAtTheLeastSpeedGoesOnForEver() {
        var pace = BodyPace(time: .seconds(1), bytesPerSecond: 1000)
        for second in 0..<10_000 {
            pace.wait(at: .milliseconds(second * 500))
            pace.moved(500, at: .milliseconds(second * 500 + 500))
        }
        #expect(pace.rest(at: .seconds(5000)) == .seconds(1))
    }

    @Test func earlierSpeedBuysNoLaterPause() {
        var pace = BodyPace(time: .seconds(10), bytesPerSecond: 1000)
        pace.moved(1 << 30, at: .zero)
        pace.wait(at: .zero)
        #expect(pace.rest(at: .seconds(10)) == .zero)
    }

    @Test func timeThatTheNodeTakesDoesNotCount() {
        var pace = BodyPace(time: .seconds(1), bytesPerSecond: 1000)
        pace.wait(at: .zero)
        pace.moved(1, at: .milliseconds(1))
        #expect(pace.rest(at: .seconds(3600)) > .milliseconds(999))
    }
}
