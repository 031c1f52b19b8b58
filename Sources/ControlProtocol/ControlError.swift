/// Why a message was refused: what was wrong, where, and what would be right.
public struct ControlError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable name for programs. New codes may be added; faults of parameters bring the codes of `ParameterFault`.
    public struct Code: RawRepresentable, Hashable, Sendable, Codable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The message is no UTF-8 JSON object, or has no `type`.
        public static let badJSON = Code("bad_json")
        /// The message is longer than the limit.
        public static let tooLarge = Code("too_large")
        /// The message nests deeper than the limit.
        public static let tooDeep = Code("too_deep")
        /// No message has this type.
        public static let unknownType = Code("unknown_type")
        /// The type is part of the protocol, but this node does not offer it.
        public static let unsupported = Code("unsupported")
        /// A field is absent or of the wrong type or form.
        public static let badField = Code("bad_field")
        /// A number lies outside what is possible.
        public static let outOfRange = Code("out_of_range")
        /// No device of this name is connected.
        public static let unknownDevice = Code("unknown_device")
        /// The chain has faults.
        public static let invalidChain = Code("invalid_chain")
        /// The chain is not the one any more from which the new one was made.
        public static let chainChanged = Code("chain_changed")
        /// The change could not be written to disk.
        public static let storage = Code("storage_failed")
        /// The engine refused; the message says why.
        public static let engine = Code("engine_failed")
        /// The engine has not yet taken earlier changes; the same message may succeed a moment later.
        public static let busy = Code("busy")
        /// The node is not there for messages: it starts or stops.
        public static let notRunning = Code("not_running")
        /// A named file cannot be used.
        public static let badFile = Code("bad_file")
        /// The mode in force does not allow it.
        public static let modeRefused = Code("mode_refused")
        /// There is no change that could be taken back, or none to be made again.
        public static let nothingToUndo = Code("nothing_to_undo")
        /// No preset has this id.
        public static let unknownPreset = Code("unknown_preset")
        /// No profile has this id.
        public static let unknownProfile = Code("unknown_profile")
        /// An archive that cannot be taken.
        public static let badArchive = Code("bad_archive")
        /// A fault of the node itself.
        public static let internalError = Code("internal_error")
    }

    public var code: Code
    public var message: String
    /// Path of the field that is wrong, such as `link.chains.main.nodes[0].ports`.
    public var field: String?

    public init(_ code: Code, _ message: String, field: String? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }

    public var description: String {
        field.map { "\(code.rawValue): \(message) (\($0))" } ?? "\(code.rawValue): \(message)"
    }
}
