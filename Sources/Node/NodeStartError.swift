/// Why a node did not start. Nothing on disk was changed.
public struct NodeStartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable name for programs. New codes may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// Another node runs on the data directory.
        public static let directoryInUse = Code("directory_in_use")
        /// The data directory cannot be made, read or written.
        public static let directoryUnusable = Code("directory_unusable")
        /// A file of the data directory cannot be read, or is not what it should be.
        public static let badFile = Code("bad_file")
    }

    public var code: Code
    /// The file or directory concerned.
    public var path: String
    /// What was wrong and what would be right.
    public var message: String

    public init(_ code: Code, path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    public var description: String { "\(path): \(message)" }
}
