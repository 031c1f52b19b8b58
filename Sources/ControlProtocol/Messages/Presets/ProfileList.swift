/// All profiles: answers ``ListProfiles``, and is sent to the other clients when one was saved or deleted.
public struct ProfileList: ControlEvent {
    public static let type = "profile_list"

    /// In the order of their ids.
    public var profiles: [Profile]

    public init(profiles: [Profile]) {
        self.profiles = profiles
    }
}
