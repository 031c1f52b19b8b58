/// Asks how a preset differs from another one, or from the values in force.
public struct DiffPresets: ControlRequest {
    public static let type = "diff_presets"
    public typealias Response = PresetDiff

    /// Flattened instance id.
    public var instanceId: String
    public var presetId: String
    /// The other preset. Without it, the values in force.
    public var otherId: String?

    public init(instanceId: String, presetId: String, otherId: String? = nil) {
        self.instanceId = instanceId
        self.presetId = presetId
        self.otherId = otherId
    }
}
