/// The presets of one module: answers ``ListPresets``, and is sent to the other clients when one was saved or deleted.
public struct PresetList: ControlEvent {
    public static let type = "preset_list"

    public var instanceId: String
    /// In the order of their ids.
    public var presets: [Preset]
    /// The preset that was saved or loaded last and still exists.
    public var loaded: String?
    /// Whether the module's values differ from it.
    public var changed: Bool?

    public init(instanceId: String, presets: [Preset], loaded: String?, changed: Bool?) {
        self.instanceId = instanceId
        self.presets = presets
        self.loaded = loaded
        self.changed = changed
    }
}
