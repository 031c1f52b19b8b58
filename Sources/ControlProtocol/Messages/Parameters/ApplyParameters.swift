/// Sets many parameters of one module at once: all of them, or none.
public struct ApplyParameters: ControlRequest {
    public static let type = "apply_params"
    public typealias Response = ApplyParametersAck

    /// Flattened instance id.
    public var instanceId: String
    /// Values by key, `gainDb#0` or `gainDb[0]`.
    public var params: [String: JSONScalar]

    public init(instanceId: String, params: [String: JSONScalar]) {
        self.instanceId = instanceId
        self.params = params
    }
}
