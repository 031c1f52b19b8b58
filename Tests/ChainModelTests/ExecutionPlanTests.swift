import ChainModel
import DynamicChain
import Testing

@Suite struct ExecutionPlanTests {
    private let flattener = ChainFlattener(library: .test)

    private func randomPlan(seed: UInt64, library: ModuleLibrary) throws -> (FlattenedChain, ExecutionPlan) {
        var generator = RandomChain(seed: seed, library: library)
        let chain = try ChainFlattener(library: library).flatten(generator.link())
        let cores = 1 + Int(seed % 8)
        let assignment = generator.assignment(for: chain, coreCount: cores)
        return (chain, try ExecutionPlan(chain: chain, coreCount: cores, assignment: assignment))
    }

    @Test func oneCoreIsOneFrameWithoutDelay() throws {
        let chain = try flattener.flatten(ChainValidatorTests.valid)
        let plan = try ExecutionPlan(chain: chain, coreCount: 1, assignment: [:])
        #expect(plan.latencyFrames == 0)
        #expect(plan.edges.allSatisfy { $0.delayFrames == 0 })
        #expect(plan.cores[0].modules == Array(chain.modules.indices))
        #expect(
            plan.slots == [
                PlannedSlot(fromCore: nil, fromChannel: 0, toCore: 0, toChannel: 0, channels: 2, delayFrames: 0),
                PlannedSlot(fromCore: 0, fromChannel: 0, toCore: nil, toChannel: 0, channels: 2, delayFrames: 0),
            ]
        )
    }

    @Test func aBranchOnAnotherCoreDelaysTheOtherBranch() throws {
        // in → gain → { group on core 1 } → join ← gain, join on core 0: the direct branch waits two frames.
        let chain = try flattener.flatten(ChainValidatorTests.valid)
        var assignment: [InstanceID: Int] = [:]
        for module in chain.modules where module.id.rawValue.hasPrefix("group#1.") { assignment[module.id] = 1 }
        let plan = try ExecutionPlan(chain: chain, coreCount: 2, assignment: assignment)
        #expect(plan.modules.map(\.stage) == [0, 1, 1, 2])
        #expect(plan.modules.map(\.core) == [0, 1, 1, 0])
        #expect(plan.modules.map(\.indexInCore) == [0, 0, 1, 1])
        #expect(plan.latencyFrames == 2)
        #expect(plan.edges.map(\.delayFrames) == [0, 1, 0, 1, 2, 0])
        #expect(plan.cores.map(\.stages) == [[0, 2], [1, 1]])
        #expect(plan.cores.map(\.externalInputs) == [[2, 2, 2], [2]])
        #expect(plan.cores.map(\.externalOutputs) == [[2, 2, 2], [2]])
        // The direct branch leaves core 0 and comes back into it.
        #expect(
            plan.slots.contains(
                PlannedSlot(fromCore: 0, fromChannel: 2, toCore: 0, toChannel: 4, channels: 2, delayFrames: 2)
            )
        )
    }

    @Test func aWireFromInputToOutputIsPaddedToTheLatestOutput() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: [
                    ChainBuilder.stereo("in", .input), ChainBuilder.stereo("dry", .output),
                    ChainBuilder.stereo("wet", .output),
                ],
                nodes: [ChainBuilder.gain(1), ChainBuilder.gain(2)],
                edges: ["$io.in>$io.dry", "$io.in>gain#1.in", "gain#1.out>gain#2.in", "gain#2.out>$io.wet"]
            )
        )
        let chain = try flattener.flatten(link)
        let plan = try ExecutionPlan(chain: chain, coreCount: 2, assignment: [chain.modules[1].id: 1])
        #expect(plan.latencyFrames == 1)
        #expect(
            plan.slots.contains(
                PlannedSlot(fromCore: nil, fromChannel: 0, toCore: nil, toChannel: 0, channels: 2, delayFrames: 1)
            )
        )
    }

    @Test func coresThatDoNotExistMeanCoreZero() throws {
        let chain = try flattener.flatten(ChainValidatorTests.valid)
        let assignment = Dictionary(uniqueKeysWithValues: chain.modules.map { ($0.id, 5) })
        let plan = try ExecutionPlan(chain: chain, coreCount: 2, assignment: assignment)
        #expect(plan.modules.allSatisfy { $0.core == 0 })
        #expect(plan.cores[1].modules.isEmpty && plan.cores[1].externalInputs.isEmpty)
    }

    @Test(arguments: [0, -1, 17])
    func aCoreCountOutOfRangeIsRefused(count: Int) throws {
        let chain = try flattener.flatten(ChainValidatorTests.valid)
        #expect(throws: ExecutionPlanFault.coreCount(count)) {
            try ExecutionPlan(chain: chain, coreCount: count, assignment: [:])
        }
    }

    @Test func moreWiresThanAFrameHoldsAreRefused() throws {
        // 10 modules on core 1 and 250 outputs of the chain all hang on one module of core 0: 260 wires leave it.
        let outputs = (0..<250).map { ChainBuilder.wide("out\($0)", .output, 1) }
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: [ChainBuilder.wide("in", .input, 1)] + outputs,
                nodes: (0...10).map { number in
                    number == 0
                        ? ChainBuilder.gain(0)
                        : ChainBuilder.node(
                            "gain#\(number)",
                            "channel_gain_v1",
                            ports: [
                                PortDescriptor(id: "in", direction: .input),
                                PortDescriptor(id: "out", direction: .output, required: false),
                            ]
                        )
                },
                edges: ["$io.in>gain#0.in"] + (1...10).map { "gain#0.out>gain#\($0).in" }
                    + outputs.indices.map { "gain#0.out>$io.out\($0)" }
            )
        )
        let chain = try flattener.flatten(link)
        let others = chain.modules.dropFirst().map { ($0.id, 1) }
        #expect(throws: ExecutionPlanFault.tooManyWires(core: 0)) {
            try ExecutionPlan(chain: chain, coreCount: 2, assignment: Dictionary(uniqueKeysWithValues: others))
        }
        #expect(try ExecutionPlan(chain: chain, coreCount: 1, assignment: [:]).slots.count == 251)
    }

    @Test(arguments: UInt64(0)..<100)
    func delaysAreStageDifferencesAndEveryPathTakesEquallyLong(seed: UInt64) throws {
        let (chain, plan) = try randomPlan(seed: seed, library: .test)
        #expect(plan.edges.count == chain.connections.count)
        // Age of a signal: frames since it entered. It must not depend on the path.
        var age: [Int?] = chain.modules.map { _ in nil }
        for edge in plan.edges {
            #expect(edge.delayFrames >= 0)
            let start: Int
            switch edge.from {
            case .external: start = 0
            case .module(let index, _): start = age[index] ?? plan.modules[index].stage
            }
            switch edge.to {
            case .external: #expect(start + edge.delayFrames == plan.latencyFrames)
            case .module(let index, _):
                #expect(start + edge.delayFrames == plan.modules[index].stage)
                if case .module(let from, _) = edge.from, plan.modules[from].core != plan.modules[index].core {
                    #expect(edge.delayFrames >= 1)
                }
                age[index] = plan.modules[index].stage
            }
        }
        // The stage is the most core changes on any path, not more.
        for (index, module) in plan.modules.enumerated() where module.stage > 0 {
            #expect(
                plan.edges.contains { edge in
                    guard case .module(let from, _) = edge.from, case .module(index, _) = edge.to else { return false }
                    return module.stage == plan.modules[from].stage + (plan.modules[from].core == module.core ? 0 : 1)
                }
            )
        }
    }

    @Test(arguments: UInt64(0)..<100)
    func framesAndSlotsTogetherAreTheChain(seed: UInt64) throws {
        let (chain, plan) = try randomPlan(seed: seed, library: .test)
        var rebuilt: [String: Int] = [:]
        var frames: [LinkFrame] = []
        for core in plan.cores { frames.append(try LinkFrame.decode(core.linkFrame, version: .v4)) }
        for (core, frame) in frames.enumerated() {
            #expect(frame.modules.map(\.id) == plan.cores[core].modules.map { chain.modules[$0].id.rawValue })
            #expect(plan.cores[core].stages == plan.cores[core].modules.map { plan.modules[$0].stage })
            for row in frame.connections
            where row.fromModule != LinkFrame.boundary && row.toModule != LinkFrame.boundary {
                let key = "\(frame.output(row))>\(frame.input(row))"
                rebuilt[key] = 0
            }
        }
        for slot in plan.slots {
            let from = slot.fromCore.map { core in
                frames[core].feeding(channel: slot.fromChannel, of: plan.cores[core].externalOutputs)
            }
            let to = slot.toCore.map { core in
                frames[core].fed(byChannel: slot.toChannel, of: plan.cores[core].externalInputs)
            }
            let key = "\(from ?? "host \(slot.fromChannel)")>\(to ?? "host \(slot.toChannel)")"
            rebuilt[key] = slot.delayFrames
            #expect(slot.fromCore == nil || slot.toCore == nil || slot.delayFrames >= 1)
        }
        var expected: [String: Int] = [:]
        for edge in plan.edges { expected[chain.key(edge)] = edge.delayFrames }
        #expect(rebuilt == expected)
    }

    @Test(arguments: UInt64(0)..<40)
    func theLibraryLoadsEveryCore(seed: UInt64) throws {
        let (chain, plan) = try randomPlan(seed: seed, library: .builtIn)
        let registry = ModuleRegistry()
        for core in plan.cores {
            let built = try Chain(
                configuration: ChainConfiguration(
                    registry: registry,
                    sampleRate: chain.sampleRate,
                    frameSize: chain.frameSize,
                    inputChannels: core.externalInputs,
                    outputChannels: core.externalOutputs
                ),
                frame: core.linkFrame,
                version: 4,
                stages: core.stages
            )
            try built.rebuild()
            #expect(built.moduleCount == core.modules.count)
        }
    }
}

extension LinkFrame {
    fileprivate func output(_ row: Connection) -> String {
        let module = modules[Int(row.fromModule)]
        return "\(module.id) \(module.ports[Int(row.fromPort)].id)"
    }

    fileprivate func input(_ row: Connection) -> String {
        let module = modules[Int(row.toModule)]
        return "\(module.id) \(module.ports[Int(row.toPort)].id)"
    }

    /// The module output behind the external output that begins at a channel.
    fileprivate func feeding(channel: Int, of ports: [Int]) -> String {
        let port = index(ofChannel: channel, in: ports)
        return connections.first { $0.toModule == Self.boundary && Int($0.toPort) == port }.map(output) ?? "nothing"
    }

    /// The module input behind the external input that begins at a channel.
    fileprivate func fed(byChannel channel: Int, of ports: [Int]) -> String {
        let port = index(ofChannel: channel, in: ports)
        return connections.first { $0.fromModule == Self.boundary && Int($0.fromPort) == port }.map(input) ?? "nothing"
    }

    private func index(ofChannel channel: Int, in ports: [Int]) -> Int? {
        ports.indices.first { ports[..<$0].reduce(0, +) == channel }
    }
}

extension FlattenedChain {
    fileprivate func key(_ edge: PlannedEdge) -> String {
        let from =
            switch edge.from {
            case .external(let port): "host \(externalInputs[..<port].map(\.channels).reduce(0, +))"
            case .module(let index, let port): "\(modules[index].id) \(modules[index].outputs[port].id)"
            }
        let to =
            switch edge.to {
            case .external(let port): "host \(externalOutputs[..<port].map(\.channels).reduce(0, +))"
            case .module(let index, let port): "\(modules[index].id) \(modules[index].inputs[port].id)"
            }
        return "\(from)>\(to)"
    }
}
