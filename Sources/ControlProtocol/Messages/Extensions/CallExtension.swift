/// Asks an extension. Other messages of the client are answered meanwhile; it may await 32 answers at a time, and
/// gives them up by disconnecting.
public struct CallExtension: ControlRequest {
    public static let type = "call_extension"
    public typealias Response = ExtensionResult

    /// Its id.
    public var `extension`: String
    public var method: String
    /// What the method takes; null if absent.
    public var data: AnyJSON?
    /// Milliseconds, 1…600000. Without it, 60000.
    public var timeoutMs: WholeNumber?

    public init(extension id: String, method: String, data: AnyJSON? = nil, timeoutMs: WholeNumber? = nil) {
        self.extension = id
        self.method = method
        self.data = data
        self.timeoutMs = timeoutMs
    }
}
