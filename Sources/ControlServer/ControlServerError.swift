/// Why the control server cannot be set up or cannot listen.
public struct ControlServerError: Error, Sendable, CustomStringConvertible {
    /// A stable name for programs. New codes may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The host is no address, or the port lies outside 0…65535.
        public static let badAddress = Code("bad_address")
        /// The address can be reached from other machines, which needs an access token.
        public static let tokenRequired = Code("token_required")
        /// An entry of the list of allowed hosts or origins has the wrong form.
        public static let badAllowList = Code("bad_allow_list")
        /// The file of the access token cannot be used.
        public static let badToken = Code("bad_token")
        /// Certificate chain or private key cannot be used.
        public static let badCertificate = Code("bad_certificate")
        /// A new configuration has another address; only a restart changes that.
        public static let addressChanged = Code("address_changed")
        /// Another program listens on the address.
        public static let addressInUse = Code("address_in_use")
        /// The system refused to listen; the cause says why.
        public static let bindFailed = Code("bind_failed")
        /// The server ended before it listened.
        public static let stopped = Code("stopped")
    }

    public let code: Code
    public let message: String
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
