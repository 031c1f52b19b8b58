/// Answers ``DeleteProfile``.
public struct ProfileDeleteAck: Acknowledging {
    public static let type = "profile_delete_ack"
    public typealias Request = DeleteProfile

    public var profileId: String
    public var success: Bool
    public var error: String?
    public var code: String?
    public var field: String?

    public init(profileId: String) {
        self.profileId = profileId
        success = true
    }

    public static func refusal(of request: DeleteProfile, because error: ControlError) -> Self {
        Self(profileId: request.profileId).refused(because: error)
    }
}
