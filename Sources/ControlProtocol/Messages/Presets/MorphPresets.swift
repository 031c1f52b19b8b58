/// Goes to a place between two presets of one module, in one change. Frequencies, times and Q go along a logarithmic
/// scale, other numbers along a line; what has no middle changes half way.
public struct MorphPresets: ControlRequest {
    public static let type = "morph_presets"
    public typealias Response = MorphPresetsAck

    public var instanceId: String
    public var fromId: String
    public var toId: String
    /// 0 = the first preset, 1 = the second.
    public var position: Double

    public init(instanceId: String, fromId: String, toId: String, position: Double) {
        self.instanceId = instanceId
        self.fromId = fromId
        self.toId = toId
        self.position = position
    }
}
