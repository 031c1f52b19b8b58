/// Asks for the value in force of one parameter: the stored one, else the default.
public struct GetParameter: ControlRequest {
    public static let type = "get_param"
    public typealias Response = GetParameterAck

    /// Flattened instance id.
    public var instanceId: String
    /// Parameter name; its indices may follow as `#d0#d1` or `[d0][d1]`.
    public var paramId: String
    /// Index of a parameter with one dimension. Without any index, 0.
    public var channel: WholeNumber?
    /// Indices in the order of the parameter's dimensions.
    public var dimIndices: [WholeNumber]?

    public init(instanceId: String, paramId: String, channel: WholeNumber? = nil, dimIndices: [WholeNumber]? = nil) {
        self.instanceId = instanceId
        self.paramId = paramId
        self.channel = channel
        self.dimIndices = dimIndices
    }
}
