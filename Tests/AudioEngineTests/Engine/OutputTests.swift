import ChainModel
import Foundation
import Synchronization
import Testing

@testable import AudioEngine

@Suite struct OutputTests {
    let stepped = SteppedEngine()
    var engine: Engine { stepped.engine }

    func start(_ decibels: Float = 0, _ modules: [(id: String, type: String)] = [TestChain.gain]) throws {
        let setup = ChainSetup(try TestChain.series(modules), try TestChain.gains(decibels))
        try engine.start(setup, source: .silence, sink: .none)
    }

    /// The last frame of a constant input, on the first channel.
    func settledLevel(frames: Int = 100) -> Float {
        stepped.driver.feed(
            Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: frames * 64), count: 2)))
        stepped.driver.step(frames)
        return stepped.driver.takeCaptured()[(frames * 64 - 1) * 2]
    }

    /// Feeds noise, so that there is something to compare.
    func playNoise(seconds: Double = 2) {
        let frames = Int(seconds * 48_000) / 64
        stepped.driver.feed(Signal.noise(channels: 2, count: frames * 64))
        for _ in 0..<frames {
            stepped.driver.step(1)
            engine.shared.state.withLock { $0.session?.drain(hearing: []) }
        }
        _ = stepped.driver.takeCaptured()
    }

    @Test func theLevelScalesTheOutput() throws {
        try start()
        #expect(engine.status().levelDb == 0)
        try engine.changeOutput { $0.levelDb = -20 }
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        #expect(engine.status().levelDb == -20)
        try engine.changeOutput { $0.muteMask = 1 }
        #expect(settledLevel() == 0)
        try engine.changeOutput {
            $0.levelDb = 0
            $0.muteMask = 0
        }
        #expect(settledLevel() == 0.5)
        engine.stop()
    }

    @Test func panicSilencesWhateverElseIsSet() throws {
        try start()
        try engine.changeOutput { $0.isPanicMuted = true }
        try engine.changeOutput { $0.levelDb = 6 }
        try engine.changeOutput { $0.isBypassed = true }
        #expect(settledLevel() == 0)
        try engine.changeOutput { $0.isBypassed = false }
        try engine.changeOutput { $0.isPanicMuted = false }
        #expect(abs(settledLevel() - 0.9976312) < 1e-6)
        engine.stop()
    }

    @Test func dimmingAndMutingComeOnTopOfTheLevel() throws {
        try start()
        try engine.changeOutput { $0.isDimmed = true }
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        try engine.changeOutput { $0.dimDb = 6.0206 }
        #expect(abs(settledLevel() - 0.25) < 1e-6)
        try engine.changeOutput { $0.isMuted = true }
        #expect(settledLevel() == 0)
        try engine.changeOutput {
            $0.isMuted = false
            $0.isDimmed = false
        }
        #expect(settledLevel() == 0.5)
        engine.stop()
    }

    @Test func whatIsOutOfRangeIsRefusedWhole() throws {
        for level in [24.5, -121, .nan, .infinity] {
            #expect(throws: EngineError.self) {
                try engine.changeOutput {
                    $0.isDimmed = true
                    $0.levelDb = level
                }
            }
        }
        #expect(throws: EngineError.self) { try engine.changeOutput { $0.dimDb = -1 } }
        for band in [
            OutputSettings.Band(frequency: 5, q: 1), .init(frequency: 100, q: 0), .init(frequency: .nan, q: 1),
        ] {
            #expect(throws: EngineError.self) { try engine.changeOutput { $0.audition = band } }
        }
        #expect(engine.output == OutputSettings())
    }

    @Test func aSoundCardStartsTwentyDecibelsDown() {
        #expect(OutputSettings().effectiveDb(onCard: true) == -20)
        #expect(OutputSettings().effectiveDb(onCard: false) == 0)
        #expect(OutputSettings(levelDb: -3).effectiveDb(onCard: true) == -3)
    }

    @Test func aBypassIsTheInputAndOutlivesAStop() throws {
        try start(-40)
        try engine.changeOutput {
            $0.isMatched = false
            $0.isBypassed = true
        }
        #expect(settledLevel() == 0.5)
        engine.stop()
        try start(-40)
        #expect(settledLevel() == 0.5)
        try engine.changeOutput { $0.isBypassed = false }
        #expect(abs(settledLevel() - 0.005) < 1e-6)
        engine.stop()
    }

    @Test func aBypassIsHeldBackByTheChainsLatency() throws {
        try start(0, [TestChain.gain, TestChain.limiter])
        let latency = engine.status().latencySamples
        #expect(latency > 0)
        try engine.changeOutput {
            $0.isMatched = false
            $0.isBypassed = true
        }
        let signal = Signal.noise(channels: 2, count: 200 * 64)
        stepped.driver.feed(signal)
        stepped.driver.step(200)
        let heard = stepped.driver.takeCaptured()
        for frame in 3000..<(200 * 64) {
            #expect(heard[2 * frame] == signal.channels[0][frame - latency])
        }
        engine.stop()
    }

    @Test func aBypassIsAsLoudAsTheChain() throws {
        try start(-9)
        playNoise()
        try engine.changeOutput(bypassMatch: engine.bypassMatch()) { $0.isBypassed = true }
        #expect(abs(engine.matchDb + 9) < 0.01)
        #expect(abs(20 * log10(settledLevel() / 0.5) + 9) < 0.01)
        try engine.changeOutput { $0.isMatched = false }
        #expect(engine.matchDb == 0)
        #expect(settledLevel() == 0.5)
        engine.stop()
    }

    @Test func aMatchedBypassIsNotRaisedBeyondFullScale() throws {
        try start(18)
        playNoise()
        let peak = Signal.noise(channels: 2, count: 1500 * 64).channels.joined().map(abs).max() ?? 0
        let gain = pow(10, engine.bypassMatch().decibels / 20)
        #expect(gain >= 1)
        #expect(Double(peak) * gain < 1.01)
        engine.stop()
    }

    @Test func anotherChainForgetsTheMatch() throws {
        try start(-9)
        playNoise()
        try engine.changeOutput(bypassMatch: engine.bypassMatch()) { $0.isBypassed = true }
        engine.stop()
        try start(-9)
        #expect(abs(engine.matchDb + 9) < 0.01)
        engine.stop()
        try start(-9, [TestChain.gain, TestChain.limiter])
        #expect(engine.matchDb == 0)
        engine.stop()
    }

    @Test func loudnessFollowsTheSettingsAndNotTheLevel() throws {
        try start()
        playNoise()
        try engine.changeOutput { $0.levelDb = -30 }
        let louder = ChainSetup(try TestChain.series([TestChain.gain]), try TestChain.gains(5))
        let gain = try #require(engine.loudnessGain(of: louder)).gain
        #expect(abs(gain - 5) < 0.01)
        let muted = ChainSetup(try TestChain.series([TestChain.gain]), try TestChain.gains(-120))
        #expect(engine.loudnessGain(of: muted) == nil)
        engine.stop()
        #expect(engine.loudnessGain(of: louder) == nil)
    }

    @Test func aTrimComesOnTopOnlyWhileMatching() throws {
        try start()
        engine.setTrim(-6.0206)
        #expect(abs(settledLevel() - 0.25) < 1e-5)
        try engine.changeOutput { $0.isMatched = false }
        #expect(settledLevel() == 0.5)
        engine.setTrim(-3)
        #expect(settledLevel() == 0.5)
        engine.stop()
    }
}
