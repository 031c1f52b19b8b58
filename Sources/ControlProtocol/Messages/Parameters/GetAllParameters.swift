/// Asks for every parameter value in force, defaults included.
public struct GetAllParameters: ControlRequest {
    public static let type = "get_all_params"
    public typealias Response = GetAllParametersAck

    /// Flattened instance id. Without one, the values of every module of the chain are given.
    public var instanceId: String?

    public init(instanceId: String? = nil) {
        self.instanceId = instanceId
    }
}
