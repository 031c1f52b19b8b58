public import WireFormats

/// A chain file: the chains of a project, one of which is the root (LinkConfig 2.2).
///
/// Reading and writing loses nothing: keys that are not known here are kept at every level, and optional keys that a
/// file leaves out stay out. Only the order of keys is not kept. Values are what the file says; `ChainValidator` judges
/// them.
public struct LinkConfig: Sendable, Hashable {
    /// The version this code reads.
    public static let currentVersion = "2.2"

    public var version: String
    public var rootChainId: String
    public var global: GlobalSettings
    /// Chains by their id.
    public var chains: [String: ChainDefinition]
    public var unknown: [String: JSONValue]

    public init(
        version: String = LinkConfig.currentVersion,
        rootChainId: String,
        global: GlobalSettings,
        chains: [String: ChainDefinition],
        unknown: [String: JSONValue] = [:]
    ) {
        self.version = version
        self.rootChainId = rootChainId
        self.global = global
        self.chains = chains
        self.unknown = unknown
    }
}

/// What holds for all chains of a file.
public struct GlobalSettings: Sendable, Hashable {
    /// Channels of external ports that do not state their own, 1…64.
    public var channels: Int
    /// Hz, 8000…384000.
    public var sampleRate: Int
    /// Samples a frame, 1…8192.
    public var frameSize: Int
    public var unknown: [String: JSONValue]

    public init(channels: Int, sampleRate: Int, frameSize: Int, unknown: [String: JSONValue] = [:]) {
        self.channels = channels
        self.sampleRate = sampleRate
        self.frameSize = frameSize
        self.unknown = unknown
    }
}

/// One chain: the root, or the inside of a sub-graph.
public struct ChainDefinition: Sendable, Hashable {
    public var id: String
    public var name: String?
    /// Nil: `in` and `out` with the global channel count.
    public var externalPorts: [PortDescriptor]?
    public var nodes: [ChainNode]
    public var edges: [ChainEdge]
    public var unknown: [String: JSONValue]

    public init(
        id: String,
        name: String? = nil,
        externalPorts: [PortDescriptor]? = nil,
        nodes: [ChainNode],
        edges: [ChainEdge],
        unknown: [String: JSONValue] = [:]
    ) {
        self.id = id
        self.name = name
        self.externalPorts = externalPorts
        self.nodes = nodes
        self.edges = edges
        self.unknown = unknown
    }
}
