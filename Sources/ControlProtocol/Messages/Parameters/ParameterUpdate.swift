/// Another client changed a parameter.
public struct ParameterUpdate: ControlEvent {
    public static let type = "param_update"

    public var instanceId: String
    /// Canonical key, such as `gainDb#0`.
    public var paramId: String
    /// The stored string.
    public var value: String

    public init(instanceId: String, paramId: String, value: String) {
        self.instanceId = instanceId
        self.paramId = paramId
        self.value = value
    }
}
