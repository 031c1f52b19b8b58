/// Answers a request that needs no answer of its own.
public struct Acknowledgement: ControlMessage {
    public static let type = "ack"

    /// The type of the request.
    public var of: String
    public var success: Bool

    public init(of: String, success: Bool = true) {
        self.of = of
        self.success = success
    }
}
