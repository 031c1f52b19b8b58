/// Asks for all stored parameters of one module, to check what the node has received.
public struct GetModuleParameters: ControlRequest {
    public static let type = "get_module_params"
    public typealias Response = ModuleParameters

    /// Flattened instance id.
    public var instanceId: String

    public init(instanceId: String) {
        self.instanceId = instanceId
    }
}
