/// Where a module of the chain runs.
public struct PlannedModule: Sendable, Hashable {
    /// Position in the flattened chain.
    public var index: Int
    public var core: Int
    /// Frames after which it first runs.
    public var stage: Int
    /// Position in the core's link frame.
    public var indexInCore: Int

    public init(index: Int, core: Int, stage: Int, indexInCore: Int) {
        self.index = index
        self.core = core
        self.stage = stage
        self.indexInCore = indexInCore
    }
}

/// A connection of the chain with its delay.
public struct PlannedEdge: Sendable, Hashable {
    public var from: FlatEndpoint
    public var to: FlatEndpoint
    public var channels: Int
    public var delayFrames: Int

    public init(from: FlatEndpoint, to: FlatEndpoint, channels: Int, delayFrames: Int) {
        self.from = from
        self.to = to
        self.channels = channels
        self.delayFrames = delayFrames
    }
}

/// What one core is built from.
public struct CorePlan: Sendable, Hashable {
    /// Modules by their position in the flattened chain, in processing order.
    public var modules: [Int]
    /// Channels of each external input port.
    public var externalInputs: [Int]
    /// Channels of each external output port.
    public var externalOutputs: [Int]
    /// DATA of a link frame, version 4.
    public var linkFrame: [UInt8]
    /// Stage of each module of the core.
    public var stages: [Int]

    public init(modules: [Int], externalInputs: [Int], externalOutputs: [Int], linkFrame: [UInt8], stages: [Int]) {
        self.modules = modules
        self.externalInputs = externalInputs
        self.externalOutputs = externalOutputs
        self.linkFrame = linkFrame
        self.stages = stages
    }
}

/// A wire between cores, back into a core, or to the host. Channels count through all external ports of one side.
public struct PlannedSlot: Sendable, Hashable {
    /// Nil = the host's inputs.
    public var fromCore: Int?
    public var fromChannel: Int
    /// Nil = the host's outputs.
    public var toCore: Int?
    public var toChannel: Int
    public var channels: Int
    public var delayFrames: Int

    public init(
        fromCore: Int?,
        fromChannel: Int,
        toCore: Int?,
        toChannel: Int,
        channels: Int,
        delayFrames: Int
    ) {
        self.fromCore = fromCore
        self.fromChannel = fromChannel
        self.toCore = toCore
        self.toChannel = toChannel
        self.channels = channels
        self.delayFrames = delayFrames
    }
}
