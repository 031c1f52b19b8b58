/// Answers ``MorphPresets``: all values were taken, or none.
public struct MorphPresetsAck: Acknowledging {
    public static let type = "morph_presets_ack"
    public typealias Request = MorphPresets

    public var instanceId: String
    public var position: Double
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(instanceId: String, position: Double) {
        self.instanceId = instanceId
        self.position = position
        success = true
    }

    public static func refusal(of request: MorphPresets, because error: ControlError) -> Self {
        Self(instanceId: request.instanceId, position: request.position).refused(because: error)
    }
}
