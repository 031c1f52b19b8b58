/// Answers ``ApplyParameters``.
public struct ApplyParametersAck: Refusable {
    public static let type = "apply_params_ack"
    public typealias Request = ApplyParameters

    public var instanceId: String
    public var success: Bool
    public var error: String?
    public var code: String?
    /// The first key that was refused, as `params.KEY`.
    public var field: String?

    public init(instanceId: String) {
        self.instanceId = instanceId
        success = true
    }

    public static func refusal(of request: ApplyParameters, because error: ControlError) -> Self {
        var ack = Self(instanceId: request.instanceId)
        ack.success = false
        ack.error = error.message
        ack.code = error.code.rawValue
        ack.field = error.field
        return ack
    }
}
