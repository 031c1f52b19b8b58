/// Answers ``GetModuleParameters``.
public struct ModuleParameters: ControlMessage {
    public static let type = "module_params"

    public var instanceId: String
    /// Stored strings by canonical key. Parameters that were never set are absent.
    public var params: [String: String]

    public init(instanceId: String, params: [String: String]) {
        self.instanceId = instanceId
        self.params = params
    }
}
