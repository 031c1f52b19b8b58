import CDynamicChain
import CTestModules
import ChainModel
import DynamicChain
import Testing

@testable import AudioEngine

/// Any assignment of modules to cores gives the samples of one core, later by the plan's latency, bit for bit; changes
/// of values while the sound runs included.
struct MultiCoreEquivalenceTests {
    private static let frames = 28

    /// A thousand random graphs, in groups so that a failure names its seeds.
    @Test(arguments: 0..<20)
    func everyAssignmentGivesTheSamplesOfOneCore(group: Int) throws {
        // The table is a constant of the test library and lives as long as the process.
        let registry = try withUnsafePointer(to: test_join_table) { try ModuleRegistry(adding: [$0]) }
        let library = ModuleLibrary(registry: registry)
        let flattener = ChainFlattener(library: library)
        var audible = 0
        for seed in (group * 50)..<(group * 50 + 50) {
            var random = RandomChain(seed: UInt64(seed), library: library)
            random.frameSize = [16, 32, 64][seed % 3]
            random.channels = 1...4
            let chain = try flattener.flatten(random.link())
            let coreCount = 1 + seed % 8
            let assignment = random.assignment(for: chain, coreCount: coreCount)
            let parameters = random.parameters(for: chain, density: 0.1)
            let changes = random.parameters(for: chain, density: 0.02)

            let builder = PlanBuilder(registry: registry, handles: InstanceHandles())
            let single = try builder.build(ChainSetup(chain: chain, parameters: parameters))
            let spread = try builder.build(
                ChainSetup(chain: chain, parameters: parameters, coreCount: coreCount, assignment: assignment)
            )
            let expected = try Self.run(single, frames: Self.frames, changes: changes, workers: 1)
            audible += expected.contains { $0 != 0 } ? 1 : 0
            let latency = spread.latencyFrames
            let actual = try Self.run(spread, frames: Self.frames + latency, changes: changes, workers: 1 + seed % 2)
            let size = chain.frameSize * single.format.outputs
            #expect(actual.prefix(latency * size).allSatisfy { $0 == 0 }, "seed \(seed): sound before the latency")
            #expect(Array(actual.dropFirst(latency * size)) == expected, "seed \(seed), \(coreCount) cores")
        }
        #expect(audible > 35, "\(audible) of 50 graphs give sound; silence proves nothing")
    }

    /// Bits of all output samples, frame by frame, channel by channel. The input and the positions of the changes are
    /// the same for every plan.
    private static func run(
        _ plan: EnginePlan,
        frames: Int,
        changes: [ParameterID: ParameterValue],
        workers: Int
    ) throws -> [UInt32] {
        let host = try EngineHost(first: plan, workers: workers, priority: 0)
        let size = plan.format.frameSize
        let input = PlanarBuffer(channels: plan.format.inputs, frameSize: size)
        let output = PlanarBuffer(channels: plan.format.outputs, frameSize: size)
        var noise = SeededGenerator(seed: 99)
        var events: [DynHostEvent] = []
        for (number, change) in changes.sorted(by: { "\($0.key)" < "\($1.key)" }).enumerated() {
            guard let module = plan.modules[change.key.instance] else { continue }
            let address = try module.address(change.key.key, change.value)
            events.append(address.event(position: UInt64(size * (3 + number % 17))))
        }
        events.sort { $0.position < $1.position }
        #expect(host.push(events))
        var bits: [UInt32] = []
        for _ in 0..<frames {
            for channel in 0..<input.channels {
                guard let samples = input.pointers[channel] else { continue }
                for index in 0..<size { samples[index] = Float(Int32(truncatingIfNeeded: noise.next())) * 0x1p-32 }
            }
            DynHost_Process(host.pointer, input.inputs, output.pointers)
            for channel in 0..<output.channels {
                guard let samples = output.pointers[channel] else { continue }
                for index in 0..<size { bits.append(samples[index] == 0 ? 0 : samples[index].bitPattern) }
            }
        }
        #expect(host.counters.refusedEvents == 0)
        return bits
    }
}
