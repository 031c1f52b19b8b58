/// Asks whether the node is there.
public struct Ping: ControlRequest {
    public static let type = "ping"
    public typealias Response = Pong

    public init() {}
}
