/// How a flattened chain runs on several cores, all of which process one frame at a time side by side.
///
/// A signal that changes cores arrives one frame later. A module's *stage* is the most core changes on any path to it;
/// every wire is delayed by the difference of the stages at its ends, and outputs are padded to one stage. All paths to
/// a module then have the same age, so every assignment gives the samples of a single core, later by `latencyFrames`
/// whole frames.
///
/// A pure value; source: engine.md 1.
public struct ExecutionPlan: Sendable, Hashable {
    /// Modules in the order of the chain.
    public let modules: [PlannedModule]
    /// The chain's connections, in its order.
    public let edges: [PlannedEdge]
    /// Frames from the host's inputs to its outputs beyond what one core takes.
    public let latencyFrames: Int
    /// One for each core, empty cores included.
    public let cores: [CorePlan]
    /// The wires that are not inside one core's frame.
    public let slots: [PlannedSlot]

    /// Plans a chain.
    ///
    /// - Parameters:
    ///   - coreCount: 1…16.
    ///   - assignment: Core of an instance. Instances without one, or with one that does not exist, run on core 0.
    /// - Throws: `.coreCount`, or `.tooManyWires` when more than 256 wires enter or leave one core.
    public init(
        chain: FlattenedChain,
        coreCount: Int,
        assignment: [InstanceID: Int]
    ) throws(ExecutionPlanFault) {
        guard (1...ExecutionPlan.maximumCores).contains(coreCount) else {
            throw ExecutionPlanFault.coreCount(coreCount)
        }
        let coreOf = chain.modules.map { module in
            assignment[module.id].flatMap { (0..<coreCount).contains($0) ? $0 : nil } ?? 0
        }
        let stageOf = Self.stages(chain, coreOf)
        let latency = Self.latency(chain, stageOf)
        let edges = chain.connections.map { connection in
            PlannedEdge(
                from: connection.from,
                to: connection.to,
                channels: connection.channels,
                delayFrames: Self.stage(of: connection.to, stageOf, outside: latency)
                    - Self.stage(of: connection.from, stageOf, outside: 0)
            )
        }
        var layout = CoreLayout(chain: chain, coreCount: coreCount, coreOf: coreOf, stageOf: stageOf)
        for edge in edges { try layout.place(edge) }
        modules = chain.modules.indices.map { index in
            PlannedModule(
                index: index, core: coreOf[index], stage: stageOf[index], indexInCore: layout.indexInCore[index])
        }
        self.edges = edges
        latencyFrames = latency
        slots = layout.slots
        cores = try layout.corePlans()
    }

    /// Most simulated cores.
    public static let maximumCores = 16

    private static func stages(_ chain: FlattenedChain, _ coreOf: [Int]) -> [Int] {
        var incoming = [[Int]](repeating: [], count: chain.modules.count)
        for connection in chain.connections {
            if case .module(let from, _) = connection.from, case .module(let to, _) = connection.to {
                incoming[to].append(from)
            }
        }
        var stages = [Int](repeating: 0, count: chain.modules.count)
        for module in chain.modules.indices {
            for from in incoming[module] {
                stages[module] = max(stages[module], stages[from] + (coreOf[from] == coreOf[module] ? 0 : 1))
            }
        }
        return stages
    }

    private static func latency(_ chain: FlattenedChain, _ stageOf: [Int]) -> Int {
        chain.connections.reduce(0) { latest, connection in
            guard case .external = connection.to, case .module(let from, _) = connection.from else { return latest }
            return max(latest, stageOf[from])
        }
    }

    private static func stage(of endpoint: FlatEndpoint, _ stageOf: [Int], outside: Int) -> Int {
        switch endpoint {
        case .external: outside
        case .module(let index, _): stageOf[index]
        }
    }
}

/// Why a chain cannot be planned.
public enum ExecutionPlanFault: Error, Sendable, Hashable, CustomStringConvertible {
    case coreCount(Int)
    case tooManyWires(core: Int)
    case linkFrame(core: Int, LinkFrameFault)

    public var description: String {
        switch self {
        case .coreCount(let count): "\(count) cores: 1…\(ExecutionPlan.maximumCores) are possible."
        case .tooManyWires(let core):
            "Core \(core): more than \(CoreLayout.maximumPorts) wires enter or leave it; assign modules that feed each "
                + "other to one core."
        case .linkFrame(let core, let fault): "Core \(core): \(fault)."
        }
    }
}
