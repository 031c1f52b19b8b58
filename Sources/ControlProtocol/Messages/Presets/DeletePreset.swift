/// Removes a preset for good.
public struct DeletePreset: ControlRequest {
    public static let type = "delete_preset"
    public typealias Response = PresetDeleteAck

    /// Flattened instance id.
    public var instanceId: String
    public var presetId: String

    public init(instanceId: String, presetId: String) {
        self.instanceId = instanceId
        self.presetId = presetId
    }
}
