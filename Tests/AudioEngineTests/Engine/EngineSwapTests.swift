import ChainModel
import Foundation
import Synchronization
import Testing

@testable import AudioEngine

@Suite struct EngineSwapTests {
    let stepped = SteppedEngine()
    var engine: Engine { stepped.engine }

    func setup(_ modules: [(id: String, type: String)], gainDb: Float = 0, channels: Int = 2) throws -> ChainSetup {
        ChainSetup(try TestChain.series(modules, channels: channels), try TestChain.gains(gainDb, channels: channels))
    }

    func constant(frames: Int) -> Signal {
        Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: frames * 64), count: 2))
    }

    func settledLevel() -> Float {
        stepped.driver.feed(constant(frames: 100))
        stepped.driver.step(100)
        return stepped.driver.takeCaptured()[(100 * 64 - 1) * 2]
    }

    /// The plan that the engine gave to its host last.
    var runningPlan: EnginePlan? { engine.shared.state.withLock { $0.session?.running } }

    @Test func aNewChainIsFadedInWhileTheOldOnePlaysOn() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        stepped.driver.feed(constant(frames: 400))
        stepped.driver.step(10)
        #expect(
            try engine.swap(to: setup([TestChain.gain, (id: "gain#2", type: "channel_gain_v1")], gainDb: -20))
                == .crossfade)
        stepped.settle()
        stepped.driver.step(100)
        let channel = Signal(interleaved: stepped.driver.takeCaptured(), channels: 2).channels[0]
        #expect(channel.prefix(640).allSatisfy { $0 == 0.5 })
        #expect(abs(try #require(channel.last) - 0.05) < 1e-6)
        #expect(channel.allSatisfy { $0 > 0.04 && $0 <= 0.5 }, "nothing is ever silent or louder")
        let steepest = zip(channel, channel.dropFirst()).reduce(0) { max($0, abs($1.1 - $1.0)) }
        #expect(steepest < 0.002)
        #expect(engine.status().loadedModules == 2)
        engine.stop()
    }

    @Test func aRetiredPlanIsFreed() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        weak let first = runningPlan
        #expect(first != nil)
        try engine.swap(to: setup([TestChain.gain, TestChain.delay]))
        weak let second = runningPlan
        #expect(first != nil, "the host fades the first plan out")
        stepped.settle()
        #expect(first == nil)
        #expect(second != nil)
        engine.stop()
        #expect(second == nil)
    }

    @Test func aPlanThatWaitsIsReplacedByANewerOne() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        stepped.driver.step(2)
        try engine.swap(to: setup([TestChain.gain], gainDb: -1))
        try engine.swap(to: setup([TestChain.gain], gainDb: -2))
        weak let waiting = engine.shared.state.withLock { $0.session?.newest }
        #expect(waiting != nil)
        try engine.swap(to: setup([TestChain.gain], gainDb: -20))
        #expect(waiting == nil, "the newest wins, and the one that waited is freed")
        #expect(engine.shared.state.withLock { $0.session?.planCount } == 3)
        stepped.settle()
        #expect(engine.shared.state.withLock { $0.session?.planCount } == 1)
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        engine.stop()
    }

    @Test func valuesSetDuringASwapReachTheNewChain() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        stepped.driver.step(2)
        try engine.swap(to: setup([TestChain.gain, TestChain.delay]))
        try engine.swap(to: setup([TestChain.gain, TestChain.eq]))
        try engine.set(try TestChain.gains(-10))
        stepped.driver.step(5)
        try engine.set([try TestChain.assignment("gain#1", "gainDb#0", .float(-20))])
        // A module that only the waiting chain has.
        try engine.set([try TestChain.assignment("eq#1", "bandEnable#1#0", .bool(true))])
        stepped.settle()
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        #expect(engine.setup?.parameters[try TestChain.parameter("gain#1", "gainDb#1")] == .float(-10))
        #expect(engine.setup?.parameters[try TestChain.parameter("eq#1", "bandEnable#1#0")] == .bool(true))
        #expect(engine.status().refusedEvents == 0)
        engine.stop()
    }

    @Test func anInstanceInBothChainsKeepsItsState() throws {
        func chain(_ modules: [(id: String, type: String)]) throws -> ChainSetup {
            ChainSetup(
                try TestChain.series(modules),
                try (0..<2).map { try TestChain.assignment("delay#1", "delaySamples#\($0)", .int(20_000)) }
            )
        }
        try engine.start(chain([TestChain.delay]), source: .silence, sink: .none)
        let noise = Signal.noise(channels: 2, count: 64 * 300)
        stepped.driver.feed(noise)
        stepped.driver.step(300)
        try engine.swap(to: chain([TestChain.delay, TestChain.gain]))
        stepped.settle()
        stepped.driver.step(700)
        let played = Signal(interleaved: stepped.driver.takeCaptured(), channels: 2)
        #expect(played.dropFirst(20_000).prefix(noise.count) == noise, "what was in the delay line is heard to its end")
        engine.stop()
    }

    @Test func chainsThatAreTooHeavyTogetherAreSwappedOneAfterTheOther() throws {
        let stepped = SteppedEngine(maxLoadPercent: 0)
        let engine = stepped.engine
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        stepped.driver.feed(constant(frames: 1000))
        stepped.driver.step(50)
        Maintenance(shared: engine.shared, handles: engine.handles, logger: engine.logger).run()
        #expect(try engine.swap(to: setup([TestChain.gain], gainDb: -20)) == .dip)
        stepped.settle()
        stepped.driver.step(100)
        let channel = Signal(interleaved: stepped.driver.takeCaptured(), channels: 2).channels[0]
        #expect(channel.contains(0), "the output passes through silence")
        #expect(abs(try #require(channel.last) - 0.05) < 1e-6)
        engine.stop()
    }

    @Test func aChainWithOtherChannelsStartsTheEngineAgain() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        #expect(try engine.swap(to: setup([TestChain.gain], channels: 4)) == .restart)
        #expect(engine.isRunning)
        #expect(engine.status().outputChannels == 4)
        engine.stop()
    }

    @Test func aRecordingIsNotCutByAChainWithOtherChannels() throws {
        let folder = try TemporaryFolder()
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .file(path: folder.file("out.wav")))
        let error = #expect(throws: EngineError.self) { try engine.swap(to: setup([TestChain.gain], channels: 4)) }
        #expect(error?.code == .formatMismatch)
        #expect(engine.isRunning)
        engine.stop()
    }

    @Test func aChainThatCannotBeBuiltLeavesTheOldOnePlaying() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        var broken = try setup([TestChain.gain])
        broken.parameters[try TestChain.parameter("gain#1", "gainDb#0")] = .float(1000)
        #expect(throws: EngineError.self) { try engine.swap(to: broken) }
        var cores = try setup([TestChain.gain])
        cores.coreCount = 17
        #expect(throws: EngineError.self) { try engine.swap(to: cores) }
        #expect(settledLevel() == 0.5)
        try engine.set(try TestChain.gains(-20))
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        engine.stop()
    }

    @Test func aStoppedEngineSwapsNothing() throws {
        let error = #expect(throws: EngineError.self) { try engine.swap(to: setup([TestChain.gain])) }
        #expect(error?.code == .notRunning)
    }

    @Test func manySwapsAndChangesUnderLoadLoseNothing() throws {
        try engine.start(setup([TestChain.gain]), source: .silence, sink: .none)
        stepped.driver.feed(constant(frames: 4000))
        for round in 0..<60 {
            let modules = [TestChain.gain, TestChain.delay, TestChain.eq].prefix(1 + round % 3)
            try engine.swap(to: setup(Array(modules), gainDb: Float(-(round % 7))))
            for value in 0..<5 {
                try engine.set(try TestChain.gains(Float(-value - round % 5)))
                stepped.driver.step(1 + (round + value) % 4)
            }
            Maintenance(shared: engine.shared, handles: engine.handles, logger: engine.logger).run()
        }
        try engine.set(try TestChain.gains(-20))
        stepped.settle()
        #expect(stepped.driver.takeCaptured().allSatisfy { $0.isFinite && abs($0) <= 0.5 })
        #expect(abs(settledLevel() - 0.05) < 1e-6)
        #expect(engine.shared.state.withLock { $0.session?.planCount } == 1)
        engine.stop()
    }

    @Test func changesMeetEveryCoreAtTheSamePlaceOfTheStream() throws {
        func play(_ setup: ChainSetup, until change: Int) throws -> Signal {
            try engine.start(setup, source: .silence, sink: .none)
            stepped.driver.feed(Signal.noise(channels: 2, count: 200 * 64))
            stepped.driver.step(change)
            try engine.set(
                try TestChain.gains(-20)
                    + (0..<2).map { try TestChain.assignment("gain#2", "gainDb#\($0)", .float(20)) }
            )
            stepped.driver.step(200 - change)
            defer { engine.stop() }
            return Signal(interleaved: stepped.driver.takeCaptured(), channels: 2)
        }
        var setup = try setup([TestChain.gain, (id: "gain#2", type: "channel_gain_v1")])
        let single = try play(setup, until: 51)
        setup.coreCount = 2
        setup.assignment = [try TestChain.id("gain#2"): 1]
        // With more than one stage a change lies a frame ahead.
        let several = try play(setup, until: 50)
        #expect(several.dropFirst(64).hasBits(of: single.prefix(199 * 64)))
    }
}
