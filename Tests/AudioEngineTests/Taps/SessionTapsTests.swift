import CDynamicChain
import ChainModel
import DynamicChain
import Logging
import Testing

@testable import AudioEngine

@Suite struct SessionTapsTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// In the last of three stages a tap is let go three frames after it was told so, each longer than a second here.
    @Test func aTapIsKeptAsLongAsItIsWrittenInto() throws {
        let modules = (1...3).map { (id: "gain#\($0)", type: "channel_gain_v1") }
        var setup = ChainSetup(chain: try TestChain.series(modules, sampleRate: 8000, frameSize: 8192), coreCount: 3)
        for (core, module) in modules.enumerated() { setup.assignment[try TestChain.id(module.id)] = core }
        let plan = try PlanBuilder(registry: ModuleRegistry(), handles: InstanceHandles()).build(setup)
        #expect(plan.stageCount == 3)
        let host = try EngineHost(first: plan, workers: 1, priority: 0)
        let frame = UInt64(plan.format.frameSize)
        let input = PlanarBuffer(channels: 2, frameSize: plan.format.frameSize)
        let output = PlanarBuffer(channels: 2, frameSize: plan.format.frameSize)
        let point = WirePoint(instance: try TestChain.id("gain#3"), side: .output)
        var taps = SessionTaps(format: plan.format, logger: logger)

        func tell(_ points: Set<WirePoint>) {
            taps.want(points)
            #expect(host.push(taps.changes(for: plan, at: host.position + frame)))
            taps.changed(plan, position: host.position)
        }
        /// - Returns: the tap got the frame.
        func step(_ tap: WireTap) -> Bool {
            var isWritten = false
            DynHost_Process(host.pointer, input.inputs, output.pointers)
            tap.tap.drain { _, _, _ in isWritten = true }
            return isWritten
        }

        tell([point])
        let tap = try #require(taps.attached[point])
        let written = (0..<5).map { _ in step(tap) }
        #expect(written == [false, false, false, true, true])
        tell([])
        var frames = 0
        for _ in 0..<6 {
            taps.sweep(host.position)
            let isKept = taps.detached.contains { $0.tap === tap }
            let isWritten = step(tap)
            #expect(isKept || !isWritten)
            frames += isWritten ? 1 : 0
        }
        #expect(frames == 3)
        #expect(taps.detached.isEmpty)
    }
}
