/// Sets one parameter of one module.
public struct SetParameter: ControlRequest {
    public static let type = "set_param"
    public static let aliases = ["set_params"]
    public typealias Response = SetParameterAck

    /// Flattened instance id, such as `group#1.gain#1`.
    public var instanceId: String
    /// Parameter name; its indices may follow as `#d0#d1` or `[d0][d1]`.
    public var paramId: String
    /// Number, boolean or string; a string is read as the parameter's type, an enumeration takes its name too.
    public var value: JSONScalar
    /// Index of a parameter with one dimension. Without any index, 0.
    public var channel: WholeNumber?
    /// Indices in the order of the parameter's dimensions.
    public var dimIndices: [WholeNumber]?
    /// One device instead of all that are connected.
    public var device: String?

    public init(
        instanceId: String,
        paramId: String,
        value: JSONScalar,
        channel: WholeNumber? = nil,
        dimIndices: [WholeNumber]? = nil,
        device: String? = nil
    ) {
        self.instanceId = instanceId
        self.paramId = paramId
        self.value = value
        self.channel = channel
        self.dimIndices = dimIndices
        self.device = device
    }
}
