public import WireFormats

/// A module or a sub-graph in a chain.
public struct ChainNode: Sendable, Hashable {
    /// The module type that stands for a sub-graph.
    public static let subGraphType = "subgraph"

    public struct Position: Sendable, Hashable {
        public var x: Double
        public var y: Double
        public var unknown: [String: JSONValue]

        public init(x: Double, y: Double, unknown: [String: JSONValue] = [:]) {
            self.x = x
            self.y = y
            self.unknown = unknown
        }
    }

    public var instanceId: String
    public var moduleType: String
    /// The chain inside a sub-graph node.
    public var subGraphId: String?
    /// Place in the processing order among nodes that do not depend on each other. Nil: 0.
    public var order: Int?
    /// Nil: true.
    public var enabled: Bool?
    public var position: Position?
    /// Nil: the ports of the module type, or the external ports of the sub-graph.
    public var ports: [PortDescriptor]?
    public var unknown: [String: JSONValue]

    public init(
        instanceId: String,
        moduleType: String,
        subGraphId: String? = nil,
        order: Int? = nil,
        enabled: Bool? = nil,
        position: Position? = nil,
        ports: [PortDescriptor]? = nil,
        unknown: [String: JSONValue] = [:]
    ) {
        self.instanceId = instanceId
        self.moduleType = moduleType
        self.subGraphId = subGraphId
        self.order = order
        self.enabled = enabled
        self.position = position
        self.ports = ports
        self.unknown = unknown
    }

    public var isSubGraph: Bool { moduleType == Self.subGraphType }
    public var isEnabled: Bool { enabled ?? true }
}
