/// Why a chain does not fit a link frame, or bytes are none.
public struct LinkFrameFault: Error, Sendable, Hashable, CustomStringConvertible {
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The bytes end inside a value.
        public static let truncated = Code(rawValue: "truncated")
        /// Bytes follow the last connection.
        public static let trailingBytes = Code(rawValue: "trailing_bytes")
        /// A field has a value that no frame may have.
        public static let badValue = Code(rawValue: "bad_value")
        /// A number is larger than its field.
        public static let doesNotFit = Code(rawValue: "does_not_fit")
    }

    public var code: Code
    /// What and where: `module 3, port 1: …`.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
