/// Answers ``LoadPreset``: the preset that was applied.
public struct PresetData: ControlMessage {
    public static let type = "preset_data"

    public var instanceId: String
    public var presetId: String
    public var name: String
    /// Stored strings by canonical key.
    public var params: [String: String]

    public init(instanceId: String, preset: Preset) {
        self.instanceId = instanceId
        presetId = preset.presetId
        name = preset.name
        params = preset.params
    }
}
