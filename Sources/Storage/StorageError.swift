import Foundation

/// A file or directory operation that failed: which one, on what, and why.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Kinds of failures. New ones may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let noSpace = Code(rawValue: "no_space")
        public static let notFound = Code(rawValue: "not_found")
        public static let noPermission = Code(rawValue: "no_permission")
        public static let badName = Code(rawValue: "bad_name")
        public static let tooLarge = Code(rawValue: "too_large")
        /// A secret could be read or exchanged by others.
        public static let notPrivate = Code(rawValue: "not_private")
        /// Another process has the directory.
        public static let inUse = Code(rawValue: "in_use")
        /// A file that is not what it should be.
        public static let damaged = Code(rawValue: "damaged")
        public static let failed = Code(rawValue: "io_error")
    }

    public var code: Code
    /// `write`, `rename` and so on.
    public var operation: String
    public var path: String
    /// The system's words.
    public var reason: String

    public init(_ code: Code, operation: String, path: String, reason: String) {
        self.code = code
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(operation) \(path): \(reason)" }

    /// From the system's error number.
    init(errno number: Int32, operation: String, path: String) {
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT: .noSpace
            case ENOENT: .notFound
            case EACCES, EPERM, EROFS, ELOOP: .noPermission
            default: .failed
            }
        self.init(code, operation: operation, path: path, reason: String(cString: strerror(number)))
    }
}
