/// Answers ``SaveProfile``: the profile is on disk, or nothing has changed.
public struct ProfileSaveAck: Acknowledging {
    public static let type = "profile_save_ack"
    public typealias Request = SaveProfile

    public var profileId: String
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(profileId: String) {
        self.profileId = profileId
        success = true
    }

    public static func refusal(of request: SaveProfile, because error: ControlError) -> Self {
        Self(profileId: request.profileId).refused(because: error)
    }
}
