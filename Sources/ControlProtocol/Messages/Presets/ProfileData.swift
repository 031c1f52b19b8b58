/// Answers ``LoadProfile``: the profile that was applied.
public struct ProfileData: ControlMessage {
    public static let type = "profile_data"

    public var profileId: String
    public var name: String
    /// Preset ids by flattened instance id.
    public var modulePresets: [String: String]
    /// Modules of the profile that the chain lacks; their presets were not applied.
    public var absent: [String]?

    public init(profile: Profile, absent: [String]) {
        profileId = profile.profileId
        name = profile.name
        modulePresets = profile.modulePresets
        self.absent = absent.isEmpty ? nil : absent
    }
}
