/// An audio operation that could not be done: what was wrong, where, and what would be right.
public struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable name for the kind of failure. More may be added; compare with the constants.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The queue to the audio thread is full. Nothing was taken; the same call may succeed a frame later.
        public static let busy = Code(rawValue: "busy")
        public static let alreadyRunning = Code(rawValue: "alreadyRunning")
        public static let notRunning = Code(rawValue: "notRunning")
        /// An argument makes no sense, whatever the engine's state.
        public static let badArgument = Code(rawValue: "badArgument")
        public static let unknownModule = Code(rawValue: "unknownModule")
        public static let unknownParameter = Code(rawValue: "unknownParameter")
        public static let badValue = Code(rawValue: "badValue")
        /// The C core refused a chain that passed validation.
        public static let chainRefused = Code(rawValue: "chainRefused")
        public static let fileUnreadable = Code(rawValue: "fileUnreadable")
        public static let fileUnwritable = Code(rawValue: "fileUnwritable")
        public static let formatMismatch = Code(rawValue: "formatMismatch")
        public static let deviceUnavailable = Code(rawValue: "deviceUnavailable")
        public static let deviceLost = Code(rawValue: "deviceLost")
    }

    public let code: Code
    /// For people: complete, with the name of the file, device, module or parameter in it.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
