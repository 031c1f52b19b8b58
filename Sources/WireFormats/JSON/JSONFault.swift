/// Why a text is not taken as JSON.
public struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Kinds of faults. New ones may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let tooLarge = Code(rawValue: "too_large")
        public static let tooDeep = Code(rawValue: "too_deep")
        /// Broken grammar, bytes that are no UTF-8, a number beyond a double, or a key that occurs twice.
        public static let malformed = Code(rawValue: "bad_json")
    }

    public var code: Code
    public var message: String
    /// Byte at which the fault was seen.
    public var offset: Int

    public init(_ code: Code, offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    public var description: String { "\(message), at byte \(offset)." }
}
