/// One thing that is wrong with a chain file.
public struct ChainFault: Sendable, Hashable, CustomStringConvertible {
    /// Kinds of faults, as sent to clients. New ones may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let badJSON = Code(rawValue: "bad_json")
        public static let missingKey = Code(rawValue: "missing_key")
        public static let wrongType = Code(rawValue: "wrong_type")
        public static let badVersion = Code(rawValue: "bad_version")
        public static let outOfRange = Code(rawValue: "out_of_range")
        public static let missingChain = Code(rawValue: "missing_chain")
        public static let idMismatch = Code(rawValue: "id_mismatch")
        public static let badID = Code(rawValue: "bad_id")
        public static let duplicateID = Code(rawValue: "duplicate_id")
        public static let unknownModuleType = Code(rawValue: "unknown_module_type")
        public static let unknownPort = Code(rawValue: "unknown_port")
        public static let missingPort = Code(rawValue: "missing_port")
        public static let badDirection = Code(rawValue: "bad_direction")
        public static let danglingEdge = Code(rawValue: "dangling_edge")
        public static let repeatedConnection = Code(rawValue: "repeated_connection")
        public static let unconnectedPort = Code(rawValue: "unconnected_port")
        public static let channelMismatch = Code(rawValue: "channel_mismatch")
        public static let rateMismatch = Code(rawValue: "rate_mismatch")
        public static let reservedKey = Code(rawValue: "reserved_key")
        public static let missingSubGraph = Code(rawValue: "missing_subgraph")
        public static let circularSubGraph = Code(rawValue: "circular_subgraph")
        public static let nestedTooDeep = Code(rawValue: "nested_too_deep")
        public static let cycle = Code(rawValue: "cycle")
        public static let tooManyModules = Code(rawValue: "too_many_modules")
        public static let tooManyPorts = Code(rawValue: "too_many_ports")
    }

    public var code: String
    /// Where in the file: `chains.main.nodes[3].ports[0].channels`. Empty for the file as a whole.
    public var path: String
    /// What is wrong and what would be right.
    public var message: String

    public init(code: String, path: String, message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    public init(_ code: Code, path: String, _ message: String) {
        self.init(code: code.rawValue, path: path, message: message)
    }

    public var description: String {
        path.isEmpty ? "\(message) [\(code)]" : "\(path): \(message) [\(code)]"
    }
}

/// Everything that is wrong with a chain file.
public struct ChainFaults: Error, Sendable, Hashable, CustomStringConvertible {
    /// At least one.
    public var faults: [ChainFault]

    public init(_ faults: [ChainFault]) {
        self.faults = faults
    }

    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
