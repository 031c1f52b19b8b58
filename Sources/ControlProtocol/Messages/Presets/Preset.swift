/// Values of one module under a name.
public struct Preset: Hashable, Sendable, Codable {
    /// 1 to 64 letters, digits and `_ . # -`.
    public var presetId: String
    /// For people.
    public var name: String
    /// Stored strings by canonical key.
    public var params: [String: String]

    public init(presetId: String, name: String, params: [String: String]) {
        self.presetId = presetId
        self.name = name
        self.params = params
    }
}
