/// Which preset a module plays, and whether its values have been changed since. Sent to every client when that changes.
public struct PresetState: ControlEvent {
    public static let type = "preset_state"

    public var instanceId: String
    /// Absent when the preset was deleted.
    public var presetId: String?
    public var changed: Bool

    public init(instanceId: String, presetId: String?, changed: Bool) {
        self.instanceId = instanceId
        self.presetId = presetId
        self.changed = changed
    }
}
