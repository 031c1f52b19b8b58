/// Asks for all profiles.
public struct ListProfiles: ControlRequest {
    public static let type = "list_profiles"
    public typealias Response = ProfileList

    public init() {}
}
