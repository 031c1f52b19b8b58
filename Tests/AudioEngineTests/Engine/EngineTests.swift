import ChainModel
import DynamicChain
import Foundation
import Logging
import Testing

@testable import AudioEngine

@Suite struct EngineTests {
    let folder: TemporaryFolder
    let stepped = SteppedEngine()
    var engine: Engine { stepped.engine }

    init() throws {
        folder = try TemporaryFolder()
    }

    func gainSetup(_ decibels: Float = 0) throws -> ChainSetup {
        ChainSetup(try TestChain.series([TestChain.gain]), try TestChain.gains(decibels))
    }

    /// The last frame of a constant input, on the first channel.
    func settledLevel(frames: Int = 100) -> Float {
        stepped.driver.feed(
            Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: frames * 64), count: 2)))
        stepped.driver.step(frames)
        return stepped.driver.takeCaptured()[(frames * 64 - 1) * 2]
    }

    // MARK: Equality with the renderer

    @Test func aLiveRunFromFileToFileEqualsTheRender() throws {
        let modules = [TestChain.gain, TestChain.eq, TestChain.delay, TestChain.limiter]
        var setup = ChainSetup(
            try TestChain.series(modules),
            try TestChain.gains(-3) + [
                TestChain.assignment("eq#1", "bandEnable#0#2", .bool(true)),
                TestChain.assignment("eq#1", "gainDb#0#2", .float(-12)),
                TestChain.assignment("delay#1", "delaySamples#0", .int(1234)),
            ]
        )
        setup.coreCount = 2
        setup.assignment = [try TestChain.id("delay#1"): 1]
        let input = Signal.noise(channels: 2, count: 9000)
        try input.write(to: folder.file("in.wav"))

        let renderer = OfflineRenderer(setup: setup)
        let writer = try AudioFileWriter(path: folder.file("render.wav"), channels: 2, sampleRate: 48_000)
        let report = try renderer.render(input: AudioFileReader(path: folder.file("in.wav")), output: writer)
        try writer.close()

        try engine.start(
            setup,
            source: .file(path: folder.file("in.wav"), loops: false),
            sink: .file(path: folder.file("live.wav"))
        )
        #expect(engine.status().latencySamples == report.latencySamples)
        stepped.driver.step(report.frames)
        engine.stop()
        let rendered = try Signal(path: folder.file("render.wav"))
        let live = try Signal(path: folder.file("live.wav"))
        #expect(live.count >= rendered.count)
        #expect(live.prefix(rendered.count).hasBits(of: rendered))
    }

    @Test func aLoopingFilePlaysWithoutAGap() throws {
        let input = Signal.noise(channels: 2, count: 777)
        try input.write(to: folder.file("loop.wav"))
        try engine.start(gainSetup(), source: .file(path: folder.file("loop.wav"), loops: true), sink: .none)
        stepped.driver.step(100)
        let played = stepped.driver.takeCaptured()
        let once = input.interleaved
        #expect(played == (0..<played.count).map { once[$0 % once.count] })
        #expect(engine.status().missedInputFrames == 0)
        engine.stop()
    }

    @Test func aFileOfOneChannelFeedsAllOfTheChain() throws {
        let input = Signal.noise(channels: 1, count: 640)
        try input.write(to: folder.file("mono.wav"))
        try engine.start(gainSetup(), source: .file(path: folder.file("mono.wav"), loops: false), sink: .none)
        stepped.driver.step(10)
        let played = Signal(interleaved: stepped.driver.takeCaptured(), channels: 2)
        #expect(played.channels == [input.channels[0], input.channels[0]])
        engine.stop()
    }

    @Test func afterTheEndOfTheSourceSilenceFollowsAndTheStatusSaysSo() throws {
        try Signal.noise(channels: 2, count: 100).write(to: folder.file("short.wav"))
        try engine.start(gainSetup(), source: .file(path: folder.file("short.wav"), loops: false), sink: .none)
        stepped.driver.step(10)
        #expect(stepped.driver.takeCaptured().dropFirst(200).allSatisfy { $0 == 0 })
        #expect(engine.status().sourceEnded)
        #expect(engine.status().missedInputFrames == 0)
        engine.stop()
    }

    // MARK: Parameters

    @Test func aParameterReachesTheSound() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        #expect(settledLevel() == 0.5)
        try engine.set(try TestChain.gains(-20))
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        #expect(engine.setup?.parameters[try TestChain.parameter("gain#1", "gainDb#1")] == .float(-20))
        #expect(engine.status().refusedEvents == 0)
        engine.stop()
    }

    @Test func enableBypassesTheModule() throws {
        try engine.start(gainSetup(-20), source: .silence, sink: .none)
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        try engine.set([try TestChain.assignment("gain#1", "enable", .bool(false))])
        #expect(settledLevel() == 0.5)
        engine.stop()
    }

    @Test func aBatchWithOneBadValueChangesNothing() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        let good = try TestChain.gains(-20)
        for bad in [
            try TestChain.assignment("gain#1", "gainDb#7", .float(0)),
            try TestChain.assignment("gain#1", "gainDb#0", .float(99)),
            try TestChain.assignment("gain#2", "gainDb#0", .float(0)),
            try TestChain.assignment("gain#1", "level", .float(0)),
        ] {
            #expect(throws: EngineError.self) { try engine.set(good + [bad]) }
        }
        #expect(settledLevel() == 0.5)
        engine.stop()
    }

    @Test func aFullQueueIsBusyAndTakesNothing() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        var taken = 0
        var refusal: EngineError?
        while refusal == nil {
            do {
                try engine.set(try TestChain.gains(Float(-1 - taken % 20)))
                taken += 1
            } catch {
                refusal = error as? EngineError
            }
        }
        #expect(refusal?.code == .busy)
        #expect(taken == EngineHost.eventCapacity / 2)
        let last = Float(-1 - (taken - 1) % 20)
        #expect(engine.setup?.parameters[try TestChain.parameter("gain#1", "gainDb#0")] == .float(last))
        #expect(abs(settledLevel() - 0.5 * pow(10, last / 20)) < 1e-6)
        try engine.set(try TestChain.gains(0))
        #expect(settledLevel() == 0.5)
        engine.stop()
    }

    @Test func aLatencyThatChangesShowsInTheStatus() throws {
        try engine.start(ChainSetup(try TestChain.series([TestChain.limiter]), []), source: .silence, sink: .none)
        #expect(engine.status().latencySamples == 72)
        try engine.set([try TestChain.assignment("limiter#1", "lookaheadMs", .float(5))])
        stepped.driver.step(200)
        #expect(engine.status().latencySamples == 240)
        engine.stop()
    }

    @Test func aStoppedEngineRemembersValues() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        engine.stop()
        try engine.set(try TestChain.gains(-20))
        try engine.start(try #require(engine.setup), source: .silence, sink: .none)
        #expect(abs(settledLevel(frames: 1) - 0.05) < 1e-6)
        engine.stop()
    }

    // MARK: Start and stop

    @Test func aSecondStartIsRefused() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        let error = #expect(throws: EngineError.self) { try engine.start(gainSetup(), source: .silence, sink: .none) }
        #expect(error?.code == .alreadyRunning)
        engine.stop()
        #expect(!engine.isRunning)
        engine.stop()
    }

    @Test func aSourceThatCannotBeOpenedLeavesTheEngineStopped() throws {
        let missing = folder.file("missing.wav")
        let error = #expect(throws: EngineError.self) {
            try engine.start(gainSetup(), source: .file(path: missing, loops: true), sink: .none)
        }
        #expect(error?.message.contains(missing) == true)
        #expect(!engine.isRunning)
        try engine.start(gainSetup(), source: .silence, sink: .none)
        engine.stop()
    }

    @Test func aCardThatIsNotThereIsNamed() throws {
        let error = #expect(throws: EngineError.self) {
            try engine.start(gainSetup(), source: .silence, sink: .card(name: "no such card"))
        }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.message.contains("no such card") == true)
        #expect(!engine.isRunning)
    }

    @Test func aLostDeviceStopsTheEngineAndIsReported() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        stepped.driver.failure = EngineError(.deviceLost, "the sound card 'X' stopped")
        Maintenance(shared: engine.shared, handles: engine.handles, logger: engine.logger).run()
        #expect(!engine.isRunning)
        #expect(engine.status().failure?.code == .deviceLost)
        #expect(engine.setup != nil)
        try engine.set(try TestChain.gains(-20))
        try engine.start(try #require(engine.setup), source: .silence, sink: .none)
        #expect(engine.isRunning)
        #expect(engine.status().failure == nil)
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        engine.stop()
    }

    @Test func stoppingFadesOut() throws {
        try Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: 48_000), count: 2))
            .write(to: folder.file("in.wav"))
        try engine.start(
            gainSetup(),
            source: .file(path: folder.file("in.wav"), loops: true),
            sink: .file(path: folder.file("out.wav"))
        )
        stepped.driver.step(10)
        engine.stop()
        let channel = try Signal(path: folder.file("out.wav")).channels[0]
        #expect(channel.prefix(640).allSatisfy { $0 == 0.5 })
        #expect(channel.suffix(100).allSatisfy { $0 == 0 })
        let steepest = zip(channel, channel.dropFirst()).reduce(0) { max($0, abs($1.1 - $1.0)) }
        #expect(steepest < 0.001)
    }

    @Test func thePacedDriverPlaysByItself() throws {
        let engine = Engine(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, realtimePriority: 0)
        try engine.start(gainSetup(), source: .generator, sink: .file(path: folder.file("paced.wav")))
        while engine.status().frames < 20 { PollingPause.oneMillisecond() }
        engine.stop()
        let status = engine.status()
        #expect(!status.isRunning && status.failure == nil)
        let played = try Signal(path: folder.file("paced.wav"))
        #expect(played.count >= 20 * 64)
        #expect(played.peak > 0.01)
    }

    @Test func samplesBeyondFullScaleAreCounted() throws {
        try engine.start(gainSetup(20), source: .silence, sink: .none)
        _ = settledLevel(frames: 2)
        #expect(engine.status().clippedSamples == 2 * 2 * 64)
        engine.stop()
    }

    // MARK: Measurements

    @Test func onlySubscribedModulesAreMeasured() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.gain, TestChain.limiter]), try TestChain.gains(-20))
        try engine.start(setup, source: .silence, sink: .none)
        let gain = try TestChain.id("gain#1")
        let subscription = engine.subscribe(modules: [gain])
        _ = settledLevel()
        let metrics = try #require(engine.metrics(for: subscription))
        #expect(metrics.modules.keys.map(\.rawValue) == ["gain#1"])
        let levels = try #require(metrics.modules[gain])
        #expect(abs(levels.outputPeakDb[0] + 26.02) < 0.01)
        #expect(abs(levels.outputRmsDb[1] + 26.02) < 0.01)
        #expect(try #require(levels.processTimeUs) > 0)
        #expect(metrics.blockTimeUs.count >= 100)
        #expect(metrics.blockTimeUs.max >= metrics.blockTimeUs.p50)

        let all = try #require(engine.metrics())
        #expect(all.modules[try TestChain.id("limiter#1")]?.latencySamples == 72)
        #expect(all.modules[try TestChain.id("limiter#1")]?.outputPeakDb == [])

        engine.unsubscribe(subscription)
        _ = settledLevel()
        #expect(engine.metrics(for: subscription)?.modules[gain]?.outputPeakDb == [])
        engine.stop()
        #expect(engine.metrics() == nil)
    }

    @Test func aSubscriptionOutlivesSwapsAndRestarts() throws {
        let subscription = engine.subscribe()
        try engine.start(gainSetup(), source: .silence, sink: .none)
        try engine.swap(to: ChainSetup(try TestChain.series([TestChain.gain, TestChain.delay]), []))
        stepped.settle()
        _ = settledLevel()
        let delay = try TestChain.id("delay#1")
        #expect(engine.metrics(for: subscription)?.modules[delay]?.outputPeakDb.count == 2)
        engine.stop()
        try engine.start(gainSetup(), source: .silence, sink: .none)
        _ = settledLevel()
        #expect(engine.metrics(for: subscription)?.modules[try TestChain.id("gain#1")]?.outputPeakDb.count == 2)
        engine.stop()
    }

    @Test func statusTellsFormatAndUse() throws {
        try engine.start(gainSetup(), source: .silence, sink: .none)
        let status = engine.status()
        #expect(status.isRunning && status.sampleRate == 48_000 && status.frameSize == 64)
        #expect(status.inputChannels == 2 && status.outputChannels == 2 && status.loadedModules == 1)
        #expect(status.deviceName == "none" && status.sourceName == "silence")
        #expect(status.memoryMB > 1)
        engine.stop()
    }
}
