import CDynamicChain

/// A call into the C library that did not succeed.
public struct DynChainError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the library answered. New codes may be added.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        public let rawValue: Int32

        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// An argument is out of range.
        public static let argument = Code(rawValue: DYNCHAIN_ERR_ARGUMENT)
        /// The memory handed in is too small.
        public static let memory = Code(rawValue: DYNCHAIN_ERR_MEMORY)
        /// A module type, an instance or a parameter is not known.
        public static let unknown = Code(rawValue: DYNCHAIN_ERR_UNKNOWN)
        /// The link frame is malformed or describes no chain that can run.
        public static let frame = Code(rawValue: DYNCHAIN_ERR_FRAME)
        /// The call came in the wrong order.
        public static let state = Code(rawValue: DYNCHAIN_ERR_STATE)

        public var description: String {
            switch self {
            case .argument: "argument out of range"
            case .memory: "not enough memory"
            case .unknown: "unknown module type, instance or parameter"
            case .frame: "bad link frame"
            case .state: "wrong order of calls"
            default: "code \(rawValue)"
            }
        }
    }

    public var code: Code
    /// The C function, without its prefix.
    public var operation: String
    /// What was being done, and what the library said about it.
    public var message: String

    public init(code: Code, operation: String, message: String) {
        self.code = code
        self.operation = operation
        self.message = message
    }

    public var description: String {
        message.isEmpty ? "\(operation): \(code)" : "\(operation): \(code): \(message)"
    }

    /// Throws unless `result` is `DYNCHAIN_OK`.
    static func check(_ result: Int32, _ operation: String, _ message: @autoclosure () -> String) throws(DynChainError)
    {
        guard result != DYNCHAIN_OK else { return }
        throw DynChainError(code: Code(rawValue: result), operation: operation, message: message())
    }
}
