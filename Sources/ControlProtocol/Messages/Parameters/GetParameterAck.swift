/// Answers ``GetParameter``.
public struct GetParameterAck: Refusable {
    public static let type = "get_param_ack"
    public typealias Request = GetParameter

    public var instanceId: String
    /// Canonical key such as `gainDb#0`; in a refusal, the request's.
    public var paramId: String
    /// The value as a string; absent in a refusal.
    public var value: String?
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(instanceId: String, paramId: String, value: String) {
        self.instanceId = instanceId
        self.paramId = paramId
        self.value = value
        success = true
    }

    private init(refusing request: GetParameter, error: ControlError) {
        instanceId = request.instanceId
        paramId = request.paramId
        success = false
        self.error = error.message
        code = error.code.rawValue
        field = error.field
    }

    public static func refusal(of request: GetParameter, because error: ControlError) -> Self {
        Self(refusing: request, error: error)
    }
}
