/// What is known of a module type: ids, ports and parameters.
public struct ModuleSchema: Sendable, Hashable {
    /// `channel_gain_v1`
    public var moduleType: String
    public var typeId: UInt32
    /// `gain` of `gain#1`
    public var instanceName: String
    /// Inputs first, each kind in the order of the module's table.
    public var ports: [PortSchema]
    /// `enable`, with number 0, first.
    public var parameters: [ParameterSchema]

    public init(
        moduleType: String,
        typeId: UInt32,
        instanceName: String,
        ports: [PortSchema],
        parameters: [ParameterSchema]
    ) {
        self.moduleType = moduleType
        self.typeId = typeId
        self.instanceName = instanceName
        self.ports = ports.filter { $0.direction == .input } + ports.filter { $0.direction == .output }
        self.parameters = parameters
    }

    public var inputs: [PortSchema] { ports.filter { $0.direction == .input } }
    public var outputs: [PortSchema] { ports.filter { $0.direction == .output } }

    /// Schema of the parameter called `name`.
    public func parameter(named name: String) -> ParameterSchema? {
        parameters.first { $0.name == name }
    }
}
