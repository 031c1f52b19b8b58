/// Asks for ``DebugMetrics`` at an interval, until ``DebugUnsubscribe`` or the end of the connection.
public struct DebugSubscribe: ControlRequest {
    public static let type = "debug_subscribe"
    public typealias Response = Acknowledgement

    /// Milliseconds; the node keeps it within 50…10000. Without it, 500.
    public var intervalMs: WholeNumber?
    /// Flattened instance ids of the modules to measure, present or not. Without it, all.
    public var modules: [String]?

    public init(intervalMs: WholeNumber? = nil, modules: [String]? = nil) {
        self.intervalMs = intervalMs
        self.modules = modules
    }
}
