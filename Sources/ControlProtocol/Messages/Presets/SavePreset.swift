/// Stores values of one module under a name; on disk when it is acknowledged. Replaces a preset of the same id.
public struct SavePreset: ControlRequest {
    public static let type = "save_preset"
    public typealias Response = PresetSaveAck

    /// Flattened instance id.
    public var instanceId: String
    /// 1 to 64 letters, digits and `_ . # -`.
    public var presetId: String
    /// For people, at most 256 bytes in UTF-8; without it, the id.
    public var name: String?
    /// Values to apply and to store. Without them, the module's present values are stored.
    public var params: [String: JSONScalar]?

    public init(instanceId: String, presetId: String, name: String? = nil, params: [String: JSONScalar]? = nil) {
        self.instanceId = instanceId
        self.presetId = presetId
        self.name = name
        self.params = params
    }
}
