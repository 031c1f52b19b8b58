/// Answers ``SavePreset``: the preset is on disk, or nothing has changed.
public struct PresetSaveAck: Acknowledging {
    public static let type = "preset_save_ack"
    public typealias Request = SavePreset

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

    public static func refusal(of request: SavePreset, because error: ControlError) -> Self {
        Self(instanceId: request.instanceId, presetId: request.presetId).refused(because: error)
    }
}
