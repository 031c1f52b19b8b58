/// Answers ``Ping``.
public struct Pong: ControlMessage {
    public static let type = "pong"

    /// Milliseconds since 1970 (UTC) on the node's clock.
    public var timestamp: Int64

    public init(timestamp: Int64) {
        self.timestamp = timestamp
    }
}
