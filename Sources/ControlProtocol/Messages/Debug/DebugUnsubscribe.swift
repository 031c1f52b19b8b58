/// Ends ``DebugSubscribe``. Without a subscription it does nothing.
public struct DebugUnsubscribe: ControlRequest {
    public static let type = "debug_unsubscribe"
    public typealias Response = Acknowledgement

    public init() {}
}
