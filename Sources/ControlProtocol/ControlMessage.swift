/// Anything that travels as one JSON object with a `type`.
///
/// The wire name stands here and nowhere else. `type` and `requestId` belong to the envelope: they are read by
/// ``MessageDecoder`` and written by ``MessageEncoder``, so no message declares them as fields.
public protocol ControlMessage: Codable, Sendable, Hashable {
    /// The wire name: the value of the key `type`.
    static var type: String { get }
}

/// A message from a client that asks for an answer.
public protocol ControlRequest: ControlMessage {
    associatedtype Response: ControlMessage
    /// Other names under which the same request is accepted.
    static var aliases: [String] { get }
}

extension ControlRequest {
    public static var aliases: [String] { [] }
}

/// A message that the node sends without being asked.
public protocol ControlEvent: ControlMessage {}

/// An answer that carries `success`, and `error` and `code` when that is false.
///
/// A request whose response can say no is refused with that response, its ids echoed; any other request is refused
/// with an ``ErrorMessage``.
public protocol Refusable: ControlMessage {
    /// Whether the request was accepted.
    var success: Bool { get }
    associatedtype Request: ControlRequest where Request.Response == Self
    /// The answer that says `error` to `request`.
    static func refusal(of request: Request, because error: ControlError) -> Self
}

/// A ``Refusable`` answer that says no with these fields.
public protocol Acknowledging: Refusable {
    var success: Bool { get set }
    /// What was wrong and what would be right.
    var error: String? { get set }
    /// A ``ControlError/Code``.
    var code: String? { get set }
    /// Path of the offending field.
    var field: String? { get set }
}

extension Acknowledging {
    /// The same answer as a refusal.
    func refused(because cause: ControlError) -> Self {
        var answer = self
        answer.success = false
        answer.error = cause.message
        answer.code = cause.code.rawValue
        answer.field = cause.field
        return answer
    }
}
