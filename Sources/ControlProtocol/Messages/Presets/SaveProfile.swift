/// Stores which preset each of some modules plays; on disk when it is acknowledged. Replaces a profile of the same id.
public struct SaveProfile: ControlRequest {
    public static let type = "save_profile"
    public typealias Response = ProfileSaveAck

    /// 1 to 64 letters, digits and `_ . # -`.
    public var profileId: String
    /// For people, at most 256 bytes in UTF-8; without it, the id.
    public var name: String?
    /// Preset ids by flattened instance id. Each preset must exist.
    public var modulePresets: [String: String]

    public init(profileId: String, name: String? = nil, modulePresets: [String: String]) {
        self.profileId = profileId
        self.name = name
        self.modulePresets = modulePresets
    }
}
