/// Closes a tap. Its reader gets what was written and then the end.
public struct CloseTap: ControlRequest {
    public static let type = "close_tap"
    public typealias Response = Acknowledgement

    /// As in ``TapOpened``.
    public var tap: String

    public init(tap: String) {
        self.tap = tap
    }
}
