import ChainModel
import Foundation
import Synchronization
import Testing

@testable import AudioEngine

@Suite struct TapTests {
    let stepped = SteppedEngine()
    var engine: Engine { stepped.engine }

    func play(_ signal: Signal, maintaining: Bool = true) {
        stepped.driver.feed(signal)
        for _ in 0..<(signal.count / 64) {
            stepped.driver.step(1)
            if maintaining {
                Maintenance(shared: engine.shared, handles: engine.handles, logger: engine.logger).run()
            }
        }
    }

    func start(_ decibels: Float = -6) throws {
        let setup = ChainSetup(
            try TestChain.series([TestChain.gain, TestChain.delay]), try TestChain.gains(decibels))
        try engine.start(setup, source: .silence, sink: .none)
    }

    @Test func aWireThatIsWatchedGivesItsSamples() throws {
        try start()
        let gain = try TestChain.id("gain#1")
        let before = WirePoint(instance: gain, side: .input)
        let behind = WirePoint(instance: gain, side: .output)
        let subscription = engine.watch([before, behind])
        #expect(engine.stretch(of: behind, frames: 64)?.samples == [Float](repeating: 0, count: 128))
        stepped.driver.step(1)
        let signal = Signal.noise(channels: 2, count: 100 * 64)
        play(signal)
        let input = try #require(engine.stretch(of: before, frames: 1024))
        let output = try #require(engine.stretch(of: behind, frames: 1024))
        #expect(input.channels == 2 && input.sampleRate == 48_000)
        let first = signal.count - 1024
        for frame in 0..<1024 {
            #expect(input.samples[2 * frame] == signal.channels[0][first + frame])
            #expect(abs(output.samples[2 * frame + 1] - signal.channels[1][first + frame] * 0.5011872) < 1e-6)
        }
        engine.unwatch(subscription)
        #expect(engine.stretch(of: behind, frames: 64) == nil)
        play(Signal.noise(channels: 2, count: 64))
        engine.stop()
    }

    @Test func theChainsEndsAreAlwaysThere() throws {
        try start()
        let signal = Signal.noise(channels: 2, count: 50 * 64)
        play(signal)
        let input = try #require(engine.stretch(of: WirePoint(instance: nil, side: .input), frames: 64))
        #expect(input.samples[126] == signal.channels[0][signal.count - 1])
        let output = try #require(engine.stretch(of: WirePoint(instance: nil, side: .output), frames: 64))
        #expect(abs(output.samples[126] - input.samples[126] * 0.5011872) < 1e-6)
        engine.stop()
        #expect(engine.stretch(of: WirePoint(instance: nil, side: .output), frames: 64) == nil)
    }

    @Test func aTapFollowsItsModuleThroughASwapAndAStop() throws {
        try start()
        let gain = try TestChain.id("gain#1")
        let point = WirePoint(instance: gain, side: .output)
        let later = WirePoint(instance: try TestChain.id("limiter#1"), side: .output)
        _ = engine.watch([point, later])
        play(Signal.noise(channels: 2, count: 64))
        #expect(engine.stretch(of: later, frames: 64) == nil)
        let next = ChainSetup(
            try TestChain.series([TestChain.gain, TestChain.limiter]), try TestChain.gains(-6))
        try engine.swap(to: next)
        stepped.settle()
        let signal = Signal.noise(channels: 2, count: 100 * 64)
        play(signal)
        let heard = try #require(engine.stretch(of: point, frames: 64))
        #expect(abs(heard.samples[126] - signal.channels[0][signal.count - 1] * 0.5011872) < 1e-6)
        #expect(engine.stretch(of: later, frames: 64)?.samples.contains { $0 != 0 } == true)
        engine.stop()
        try engine.start(next, source: .silence, sink: .none)
        stepped.driver.step(1)
        play(signal)
        #expect(engine.stretch(of: point, frames: 64)?.samples == heard.samples)
        engine.stop()
    }

    @Test func listenersHearEverySampleOfTheOutput() throws {
        let heard = Mutex<[AudioChunk]>([])
        try start()
        let listener = engine.listen { chunk in heard.withLock { $0.append(chunk) } }
        let signal = Signal.noise(channels: 2, count: 60 * 64)
        play(signal)
        let chunks = heard.withLock { $0 }
        #expect(chunks.allSatisfy { $0.channels == 2 && $0.sampleRate == 48_000 })
        #expect(chunks.flatMap(\.samples) == stepped.driver.takeCaptured())
        var position: UInt64 = 0
        for chunk in chunks {
            #expect(chunk.position == position)
            position += UInt64(chunk.samples.count / 2)
        }
        listener.end()
        play(signal)
        #expect(heard.withLock { $0.count } == chunks.count)
        engine.stop()
    }

    @Test func aListenerThatEndsHearsNoMoreOfWhatWaits() throws {
        let calls = Mutex(0)
        let framesOfOther = Mutex(0)
        let holder = Mutex<AudioListener?>(nil)
        try start()
        let listener = engine.listen { _ in
            calls.withLock { $0 += 1 }
            holder.withLock { $0 }?.end()
        }
        holder.withLock { $0 = listener }
        let other = engine.listen { chunk in framesOfOther.withLock { $0 += chunk.samples.count / 2 } }
        play(Signal.noise(channels: 2, count: 100 * 64), maintaining: false)
        // The engine's own thread hands over what waits.
        while framesOfOther.withLock({ $0 }) < 100 * 64 { PollingPause.oneMillisecond() }
        #expect(calls.withLock { $0 } == 1)
        other.end()
        engine.stop()
    }

    @Test func whatAListenerHoldsMayAskTheEngineWhenItGoes() {
        final class Asker: Sendable {
            let engine: Engine
            let answered: @Sendable (Bool) -> Void

            init(engine: Engine, answered: @escaping @Sendable (Bool) -> Void) {
                self.engine = engine
                self.answered = answered
            }

            deinit {
                answered(engine.isRunning)
            }
        }
        let answers = Mutex<[Bool]>([])
        func listen() -> AudioListener {
            let asker = Asker(engine: engine) { answer in answers.withLock { $0.append(answer) } }
            return engine.listen { _ in withExtendedLifetime(asker) {} }
        }
        let listener = listen()
        #expect(answers.withLock { $0 }.isEmpty)
        listener.end()
        #expect(answers.withLock { $0 } == [false])
    }

    @Test func theLevelsOfTheEndsAreMeasuredForSubscribers() throws {
        try start()
        let subscription = engine.subscribe(modules: [])
        play(Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: 6400), count: 2)))
        _ = engine.metrics(for: subscription)
        play(Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: 6400), count: 2)))
        let metrics = try #require(engine.metrics(for: subscription))
        #expect(metrics.modules.isEmpty)
        #expect(metrics.input.peakDb.count == 2 && metrics.output.rmsDb.count == 2)
        #expect(abs(metrics.input.peakDb[0] + 6.0206) < 0.001)
        #expect(abs(metrics.output.rmsDb[1] + 12.0206) < 0.001)
        engine.stop()
    }

    @Test func aHistoryKeepsTheNewest() {
        var history = SampleHistory(channels: 2, capacity: 5)
        #expect(history.latest(2) == [0, 0, 0, 0])
        for first in stride(from: Float(0), to: 9, by: 3) {
            let samples = (0..<3).flatMap { [first + Float($0), -(first + Float($0))] }
            samples.withUnsafeBufferPointer { history.append($0) }
        }
        #expect(history.latest(3) == [6, -6, 7, -7, 8, -8])
        #expect(history.latest(99) == [4, -4, 5, -5, 6, -6, 7, -7, 8, -8])
        let many = (0..<20).map { Float($0) }
        many.withUnsafeBufferPointer { history.append($0) }
        #expect(history.latest(2) == [16, 17, 18, 19])
        #expect(history.count == 5)
    }
}
