/// Answers ``OpenTap``.
public struct TapOpened: ControlMessage {
    public static let type = "tap_opened"

    /// Name of the shared-memory channel. It is there for one reader, who has to come within 30 seconds.
    public var tap: String
    public var instanceId: String
    public var port: SpectrumSubscribe.Point.Port

    public init(tap: String, instanceId: String, port: SpectrumSubscribe.Point.Port) {
        self.tap = tap
        self.instanceId = instanceId
        self.port = port
    }
}
