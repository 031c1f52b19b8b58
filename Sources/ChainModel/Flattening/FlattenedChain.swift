/// A chain without sub-graphs: modules in processing order, and the wires between them.
public struct FlattenedChain: Sendable, Hashable {
    /// Hz.
    public var sampleRate: Int
    /// Samples a frame.
    public var frameSize: Int
    public var externalInputs: [FlatPort]
    public var externalOutputs: [FlatPort]
    /// In processing order: every module stands behind those that feed it.
    public var modules: [FlatModule]
    /// Ordered by destination: modules in processing order with their inputs in port order, then external outputs.
    public var connections: [FlatConnection]

    public init(
        sampleRate: Int,
        frameSize: Int,
        externalInputs: [FlatPort],
        externalOutputs: [FlatPort],
        modules: [FlatModule],
        connections: [FlatConnection]
    ) {
        self.sampleRate = sampleRate
        self.frameSize = frameSize
        self.externalInputs = externalInputs
        self.externalOutputs = externalOutputs
        self.modules = modules
        self.connections = connections
    }

    /// Position of an instance in `modules`.
    public func moduleIndex(of id: InstanceID) -> Int? {
        modules.firstIndex { $0.id == id }
    }
}

/// A port with its channel count and rate resolved.
public struct FlatPort: Sendable, Hashable {
    public var id: String
    public var channels: Int
    /// Hz.
    public var sampleRate: Int

    public init(id: String, channels: Int, sampleRate: Int) {
        self.id = id
        self.channels = channels
        self.sampleRate = sampleRate
    }
}

/// A module of a flattened chain.
public struct FlatModule: Sendable, Hashable {
    public var id: InstanceID
    public var type: ModuleSchema
    /// Whether the node and every sub-graph node around it are enabled.
    public var enabled: Bool
    /// All inputs of the module type, in its order.
    public var inputs: [FlatPort]
    /// All outputs of the module type, in its order.
    public var outputs: [FlatPort]

    public init(id: InstanceID, type: ModuleSchema, enabled: Bool, inputs: [FlatPort], outputs: [FlatPort]) {
        self.id = id
        self.type = type
        self.enabled = enabled
        self.inputs = inputs
        self.outputs = outputs
    }

    /// Whether the module processes: the node is enabled and so is the parameter `enable`.
    public func effectiveEnable(parameter: Bool) -> Bool { enabled && parameter }
}

/// One end of a wire.
public enum FlatEndpoint: Sendable, Hashable {
    /// One of the chain's external inputs (as the start of a wire) or outputs (as its end).
    case external(port: Int)
    /// An output of a module (as the start) or an input (as the end), by position in the chain and among those ports.
    case module(index: Int, port: Int)
}

/// A wire of a flattened chain.
public struct FlatConnection: Sendable, Hashable {
    public var from: FlatEndpoint
    public var to: FlatEndpoint
    public var channels: Int
    /// Hz.
    public var sampleRate: Int

    public init(from: FlatEndpoint, to: FlatEndpoint, channels: Int, sampleRate: Int) {
        self.from = from
        self.to = to
        self.channels = channels
        self.sampleRate = sampleRate
    }
}
