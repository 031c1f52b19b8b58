/// Applies the presets of a profile: all of their values, or none. Modules that the chain lacks are left out.
public struct LoadProfile: ControlRequest {
    public static let type = "load_profile"
    public typealias Response = ProfileData

    public var profileId: String

    public init(profileId: String) {
        self.profileId = profileId
    }
}
