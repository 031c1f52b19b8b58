/// Answers ``GetAllParameters`` with one module's values, or with those of all.
public struct GetAllParametersAck: Acknowledging {
    public static let type = "get_all_params_ack"
    public typealias Request = GetAllParameters

    /// The module that was asked for.
    public var instanceId: String?
    /// Its values by canonical key.
    public var params: [String: String]?
    /// Values by instance id and canonical key, when no module was named.
    public var instances: [String: [String: String]]?
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(instanceId: String, params: [String: String]) {
        self.instanceId = instanceId
        self.params = params
        success = true
    }

    public init(instances: [String: [String: String]]) {
        self.instances = instances
        success = true
    }

    private init(refusing request: GetAllParameters) {
        instanceId = request.instanceId
        success = false
    }

    public static func refusal(of request: GetAllParameters, because error: ControlError) -> Self {
        Self(refusing: request).refused(because: error)
    }
}
