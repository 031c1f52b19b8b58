/// Distributes a chain's wires over the link frames of its cores and the slots between them, in the chain's order.
struct CoreLayout {
    /// A port index of a link frame is one byte.
    static let maximumPorts = 256

    /// One core while it is laid out.
    private struct Core {
        var modules: [Int] = []
        var connections: [LinkFrame.Connection] = []
        var inputs: [Int] = []
        var outputs: [Int] = []
        var inputChannels = 0
        var outputChannels = 0

        /// A new external input; returns its port and its first channel.
        mutating func addInput(_ channels: Int) -> (port: Int, channel: Int) {
            defer {
                inputs.append(channels)
                inputChannels += channels
            }
            return (inputs.count, inputChannels)
        }

        mutating func addOutput(_ channels: Int) -> (port: Int, channel: Int) {
            defer {
                outputs.append(channels)
                outputChannels += channels
            }
            return (outputs.count, outputChannels)
        }
    }

    private let chain: FlattenedChain
    private let coreOf: [Int]
    private let stageOf: [Int]
    private let hostInputChannel: [Int]
    private let hostOutputChannel: [Int]
    private var cores: [Core]
    private(set) var indexInCore: [Int]
    private(set) var slots: [PlannedSlot] = []

    init(chain: FlattenedChain, coreCount: Int, coreOf: [Int], stageOf: [Int]) {
        self.chain = chain
        self.coreOf = coreOf
        self.stageOf = stageOf
        hostInputChannel = Self.firstChannels(chain.externalInputs)
        hostOutputChannel = Self.firstChannels(chain.externalOutputs)
        cores = [Core](repeating: Core(), count: coreCount)
        indexInCore = []
        for (module, core) in coreOf.enumerated() {
            indexInCore.append(cores[core].modules.count)
            cores[core].modules.append(module)
        }
    }

    private static func firstChannels(_ ports: [FlatPort]) -> [Int] {
        ports.reduce(into: (list: [Int](), next: 0)) { state, port in
            state.list.append(state.next)
            state.next += port.channels
        }.list
    }

    mutating func place(_ edge: PlannedEdge) throws(ExecutionPlanFault) {
        if case .module(let from, let fromPort) = edge.from, case .module(let to, let toPort) = edge.to,
            coreOf[from] == coreOf[to], edge.delayFrames == 0
        {
            let core = coreOf[from]
            let from = (module: indexInCore[from], port: chain.modules[from].inputs.count + fromPort)
            try add(edge, from: from, to: (indexInCore[to], toPort), core: core)
            return
        }
        let source = try leave(edge)
        let destination = try enter(edge)
        slots.append(
            PlannedSlot(
                fromCore: source.core,
                fromChannel: source.channel,
                toCore: destination.core,
                toChannel: destination.channel,
                channels: edge.channels,
                delayFrames: edge.delayFrames
            )
        )
    }

    /// The start of a slot: an external output of the core that the edge leaves, or the host's input.
    private mutating func leave(_ edge: PlannedEdge) throws(ExecutionPlanFault) -> (core: Int?, channel: Int) {
        switch edge.from {
        case .external(let port): return (nil, hostInputChannel[port])
        case .module(let index, let port):
            let core = coreOf[index]
            let added = cores[core].addOutput(edge.channels)
            guard added.port < Self.maximumPorts else { throw .tooManyWires(core: core) }
            let from = (module: indexInCore[index], port: chain.modules[index].inputs.count + port)
            try add(edge, from: from, to: (Int(LinkFrame.boundary), added.port), core: core)
            return (core, added.channel)
        }
    }

    /// The end of a slot: an external input of the core that the edge enters, or the host's output.
    private mutating func enter(_ edge: PlannedEdge) throws(ExecutionPlanFault) -> (core: Int?, channel: Int) {
        switch edge.to {
        case .external(let port): return (nil, hostOutputChannel[port])
        case .module(let index, let port):
            let core = coreOf[index]
            let added = cores[core].addInput(edge.channels)
            guard added.port < Self.maximumPorts else { throw .tooManyWires(core: core) }
            try add(edge, from: (Int(LinkFrame.boundary), added.port), to: (indexInCore[index], port), core: core)
            return (core, added.channel)
        }
    }

    /// Adds a row to a core's frame.
    private mutating func add(
        _ edge: PlannedEdge,
        from: (module: Int, port: Int),
        to: (module: Int, port: Int),
        core: Int
    ) throws(ExecutionPlanFault) {
        do throws(LinkFrameFault) {
            cores[core].connections.append(
                LinkFrame.Connection(
                    fromModule: try LinkFrame.fit(from.module, "module"),
                    fromPort: try LinkFrame.fit(from.port, "port"),
                    toModule: try LinkFrame.fit(to.module, "module"),
                    toPort: try LinkFrame.fit(to.port, "port"),
                    channels: try LinkFrame.fit(edge.channels, "channels"),
                    sampleRate: try LinkFrame.fit(chain.sampleRate, "sample rate")
                )
            )
        } catch {
            throw .linkFrame(core: core, error)
        }
    }

    func corePlans() throws(ExecutionPlanFault) -> [CorePlan] {
        var plans: [CorePlan] = []
        for (number, core) in cores.enumerated() {
            do throws(LinkFrameFault) {
                var modules: [LinkFrame.Module] = []
                for module in core.modules { modules.append(try LinkFrame.Module(chain.modules[module])) }
                let frame = LinkFrame(modules: modules, connections: core.connections)
                plans.append(
                    CorePlan(
                        modules: core.modules,
                        externalInputs: core.inputs,
                        externalOutputs: core.outputs,
                        linkFrame: try frame.encoded(version: .v4),
                        stages: core.modules.map { stageOf[$0] }
                    )
                )
            } catch {
                throw .linkFrame(core: number, error)
            }
        }
        return plans
    }
}
