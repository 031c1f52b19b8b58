/// Answers ``DiffPresets``: the parameters whose values differ.
public struct PresetDiff: ControlMessage {
    public static let type = "preset_diff"

    /// One parameter.
    public struct Difference: Hashable, Sendable, Codable {
        /// Canonical key.
        public var paramId: String
        /// In the preset; absent when it has none.
        public var value: String?
        /// In the other preset or in force; absent when the other preset has none.
        public var other: String?

        public init(paramId: String, value: String?, other: String?) {
            self.paramId = paramId
            self.value = value
            self.other = other
        }
    }

    public var instanceId: String
    public var presetId: String
    public var otherId: String?
    /// In the order of their keys.
    public var differences: [Difference]

    public init(instanceId: String, presetId: String, otherId: String?, differences: [Difference]) {
        self.instanceId = instanceId
        self.presetId = presetId
        self.otherId = otherId
        self.differences = differences
    }
}
