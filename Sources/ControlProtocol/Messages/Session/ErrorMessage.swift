/// Says that a message was refused and changed nothing.
public struct ErrorMessage: ControlEvent {
    public static let type = "error"

    /// A ``ControlError/Code``.
    public var code: String
    /// What was wrong, where, and what would be right.
    public var message: String
    /// Path of the offending field.
    public var field: String?

    public init(code: String, message: String, field: String? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }

    public init(_ error: ControlError) {
        self.init(code: error.code.rawValue, message: error.message, field: error.field)
    }
}
