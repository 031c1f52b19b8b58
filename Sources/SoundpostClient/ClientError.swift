public import ControlProtocol

/// Why a client could not do what it was asked, when the node itself did not say no.
///
/// What the node refuses comes as `ControlError` from ``SoundpostClient/ask(_:timeout:)``. This error is about the way
/// to the node.
public struct ClientError: Error, Sendable, CustomStringConvertible {
    /// A stable name for programs. New codes may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The address or the client's name has the wrong form.
        public static let badAddress = Code("bad_address")
        /// The file of trusted certificates cannot be used.
        public static let badTrustRoots = Code("bad_trust_roots")
        /// The access token cannot be one.
        public static let badToken = Code("bad_token")
        /// Nothing answers at the address, or the node takes nobody at this moment.
        public static let unreachable = Code("unreachable")
        /// The node's certificate is not trusted.
        public static let untrusted = Code("untrusted")
        /// The node refused the connection; ``ClientError/refusal`` says why.
        public static let refused = Code("refused")
        /// There is no connection at this moment. Nothing was sent.
        public static let notConnected = Code("not_connected")
        /// The connection ended before the answer came. Whether the node did what it was asked is not known.
        public static let connectionLost = Code("connection_lost")
        /// The answer did not come in time. Whether the node did what it was asked is not known.
        public static let timedOut = Code("timed_out")
        /// The client was closed.
        public static let closed = Code("closed")
        /// What answers is no node, or its answer is none that this version understands.
        public static let badAnswer = Code("bad_answer")
        /// A file could not be read or written.
        public static let file = Code("file_failed")
    }

    public let code: Code
    /// What was wrong, where, and what would be right.
    public let message: String
    /// The node's own words, when it refused over HTTP.
    public let refusal: ControlError?
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, refusal: ControlError? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.refusal = refusal
        self.cause = cause
    }

    public var description: String { message }

    /// Whether trying again cannot help before a person changes something.
    var isPermanent: Bool {
        [.badAddress, .badToken, .badTrustRoots, .untrusted, .refused, .closed].contains(code)
    }
}
