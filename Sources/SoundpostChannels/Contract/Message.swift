public import WireFormats

/// What channels carry, on every kind and in every language (docs/protocols/channel.md).
public struct Message: Sendable, Hashable {
    /// The member `type`.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case request, response, event, ping, pong, data, ready
    }

    /// Why a request could not be answered.
    public struct Failure: Sendable, Hashable, Error {
        /// As in JSON-RPC 2.0; see the constants.
        public var code: Int
        public var message: String
        public var data: JSONValue?

        public init(code: Int, message: String, data: JSONValue? = nil) {
            self.code = code
            self.message = message
            self.data = data
        }

        public static let unknownMethod = -32601
        /// The request's data is not what the method takes.
        public static let badData = -32602
        public static let handlerFailed = -32603
        /// The one that was asked is shutting down.
        public static let leaving = -32000

        static func unknownMethod(_ method: String?) -> Failure {
            let text = method.map { "there is no method '\($0.prefix(100))'" } ?? "the request names no method"
            return Failure(code: unknownMethod, message: text)
        }

        static var isLeaving: Failure { Failure(code: leaving, message: "it is shutting down") }
    }

    public var kind: Kind
    /// Joins an answer to its request.
    public var id: String?
    public var method: String?
    public var event: String?
    public var error: Failure?
    public var data: JSONValue

    public init(
        _ kind: Kind,
        id: String? = nil,
        method: String? = nil,
        event: String? = nil,
        error: Failure? = nil,
        data: JSONValue = .null
    ) {
        self.kind = kind
        self.id = id
        self.method = method
        self.event = event
        self.error = error
        self.data = data
    }

    /// An answer to this request, or to this ping.
    public func answer(_ data: JSONValue) -> Message {
        Message(kind == .ping ? .pong : .response, id: id, data: data)
    }

    /// The answer that says why there is none.
    public func answer(_ failure: Failure) -> Message {
        Message(.response, id: id, error: failure)
    }

    /// Longest message in bytes of JSON, without the line's end.
    public static let maximumBytes = 16 << 20
    /// Deepest nesting; the message itself is level 1.
    public static let maximumDepth = 32
}
