import ChainModel
import DynamicChain
import Synchronization
import Testing

@testable import AudioEngine

@Suite struct StructuralParameterTests {
    let module: StructuralGain
    let stepped: SteppedEngine
    var engine: Engine { stepped.engine }

    init() throws {
        module = try StructuralGain()
        stepped = SteppedEngine(registry: module.registry)
        try engine.start(
            ChainSetup(
                try TestChain.series(
                    [TestChain.gain, (id: "sgain#1", type: StructuralGain.moduleType)],
                    library: ModuleLibrary(registry: module.registry)
                ),
                [try TestChain.assignment("sgain#1", "smoothTime", .float(100))]
            ),
            source: .silence,
            sink: .none
        )
    }

    func smoothTime() throws -> ParameterValue? {
        engine.setup?.parameters[try TestChain.parameter("sgain#1", "smoothTime")]
    }

    @Test func aStructuralParameterIsAppliedBeforeTheChainIsBuilt() throws {
        let placed = try #require(
            engine.shared.state.withLock { $0.session?.running.modules }?[try TestChain.id("sgain#1")]
        )
        #expect(placed.holds(try placed.address(ParameterKey(name: "smoothTime"), .float(100))))
        engine.stop()
    }

    @Test func aStructuralChangeRebuildsTheChainWhileItPlays() throws {
        weak let first = engine.shared.state.withLock { $0.session?.running }
        try engine.set(
            try TestChain.gains(-20) + [TestChain.assignment("sgain#1", "smoothTime", .float(5))]
        )
        #expect(engine.status().isSwapping)
        stepped.settle()
        #expect(first == nil)
        #expect(try smoothTime() == .float(5))
        stepped.driver.feed(Signal(channels: [[Float]](repeating: [Float](repeating: 0.5, count: 6400), count: 2)))
        stepped.driver.step(100)
        #expect(abs(try #require(stepped.driver.captured.last) - 0.05) < 1e-6, "the rest of the batch came along")
        #expect(engine.status().refusedEvents == 0)
        engine.stop()
    }

    @Test func aStructuralParameterWithItsPresentValueRebuildsNothing() throws {
        try engine.set([try TestChain.assignment("sgain#1", "smoothTime", .float(100))])
        #expect(!engine.status().isSwapping)
        engine.stop()
    }

    @Test func aStructuralValueOutOfRangeLeavesTheChainPlaying() throws {
        #expect(throws: EngineError.self) {
            try engine.set([try TestChain.assignment("sgain#1", "smoothTime", .float(-1))])
        }
        #expect(!engine.status().isSwapping)
        #expect(try smoothTime() == .float(100))
        engine.stop()
    }
}
