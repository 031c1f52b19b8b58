/// Removes a profile for good. Its presets stay.
public struct DeleteProfile: ControlRequest {
    public static let type = "delete_profile"
    public typealias Response = ProfileDeleteAck

    public var profileId: String

    public init(profileId: String) {
        self.profileId = profileId
    }
}
