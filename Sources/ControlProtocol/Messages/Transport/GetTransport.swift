/// Asks what plays and where the source is.
public struct GetTransport: ControlRequest {
    public static let type = "get_transport"
    public typealias Response = TransportStatus

    public init() {}
}
