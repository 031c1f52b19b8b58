/// Answers ``CallExtension``.
public struct ExtensionResult: ControlMessage {
    public static let type = "extension_result"

    public var `extension`: String
    public var method: String
    public var success: Bool
    /// What the method answered; absent in a failure.
    public var data: AnyJSON?
    public var error: String?
    public var code: String?

    public init(extension id: String, method: String, data: AnyJSON) {
        self.extension = id
        self.method = method
        success = true
        self.data = data
    }

    public init(extension id: String, method: String, refusal: ControlError) {
        self.extension = id
        self.method = method
        success = false
        error = refusal.message
        code = refusal.code.rawValue
    }
}
