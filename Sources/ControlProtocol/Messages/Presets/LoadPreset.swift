/// Applies a preset: all of its values, or none. Answered with ``PresetData``.
public struct LoadPreset: ControlRequest {
    public static let type = "load_preset"
    public typealias Response = PresetData

    /// Flattened instance id.
    public var instanceId: String
    public var presetId: String

    public init(instanceId: String, presetId: String) {
        self.instanceId = instanceId
        self.presetId = presetId
    }
}
