/// Asks for ``DebugMetrics`` at an interval, until ``DebugUnsubscribe`` or the end of the connection.
public struct DebugSubscribe: ControlRequest {
    public static let type = "debug_subscribe"
    public typealias Response = Acknowledgement

    /// Milliseconds; the node keeps it within 50…10000. Without it, 500.
    public var intervalMs: WholeNumber?

    public init(intervalMs: WholeNumber? = nil) {
        self.intervalMs = intervalMs
    }
}
