/// One preset for each of some modules, under a name.
public struct Profile: Hashable, Sendable, Codable {
    /// 1 to 64 letters, digits and `_ . # -`.
    public var profileId: String
    /// For people.
    public var name: String
    /// Preset ids by flattened instance id.
    public var modulePresets: [String: String]

    public init(profileId: String, name: String, modulePresets: [String: String]) {
        self.profileId = profileId
        self.name = name
        self.modulePresets = modulePresets
    }
}
