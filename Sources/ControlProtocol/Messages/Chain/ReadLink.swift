/// Asks for the stored chain.
public struct ReadLink: ControlRequest {
    public static let type = "read_link"
    public typealias Response = ReadLinkAck

    public init() {}
}
