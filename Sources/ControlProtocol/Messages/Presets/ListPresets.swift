/// Asks for the presets of one module, present in the chain or not.
public struct ListPresets: ControlRequest {
    public static let type = "list_presets"
    public typealias Response = PresetList

    /// Flattened instance id.
    public var instanceId: String

    public init(instanceId: String) {
        self.instanceId = instanceId
    }
}
