/// Answers ``DeletePreset``.
public struct PresetDeleteAck: Acknowledging {
    public static let type = "preset_delete_ack"
    public typealias Request = DeletePreset

    public var instanceId: String
    public var presetId: String
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(instanceId: String, presetId: String) {
        self.instanceId = instanceId
        self.presetId = presetId
        success = true
    }

    public static func refusal(of request: DeletePreset, because error: ControlError) -> Self {
        Self(instanceId: request.instanceId, presetId: request.presetId).refused(because: error)
    }
}
