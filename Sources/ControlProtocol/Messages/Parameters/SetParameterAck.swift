/// Answers ``SetParameter``: checked, stored and queued to the engine, or refused with nothing changed.
public struct SetParameterAck: Refusable {
    public static let type = "set_param_ack"
    public typealias Request = SetParameter

    public var instanceId: String
    /// Canonical key such as `gainDb#0`; in a refusal, the request's.
    public var paramId: String
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(instanceId: String, paramId: String) {
        self.instanceId = instanceId
        self.paramId = paramId
        success = true
    }

    public static func refusal(of request: SetParameter, because error: ControlError) -> Self {
        var ack = Self(instanceId: request.instanceId, paramId: request.paramId)
        ack.success = false
        ack.error = error.message
        ack.code = error.code.rawValue
        ack.field = error.field
        return ack
    }
}
