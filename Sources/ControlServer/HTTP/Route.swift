import ControlProtocol
import HTTPTypes
import Hummingbird

/// One thing that the server does over HTTP: what calls it, and all that its documents say of it.
///
/// A route cannot be added without its description: OpenAPI document, `/docs` and the router are made of the same
/// value.
struct Route: Sendable {
    typealias Context = ControlContext
    typealias Handler = @Sendable (Request, Context) async throws -> Response

    /// A part of the request besides its body.
    struct Parameter: Sendable, Hashable {
        enum Place: String, Sendable {
            case path, query
        }

        /// As it stands in the path's braces or in the query.
        var name: String
        var place: Place
        var summary: String
        var schema: JSONSchema
        /// A value that may be sent.
        var example: String
        /// Those in the path always are.
        var isRequired = true
    }

    /// What the request carries.
    struct Body: Sendable, Hashable {
        var type: String
        var summary: String
        var schema: JSONSchema
    }

    /// One way in which it ends.
    struct Answer: Sendable, Hashable {
        /// The HTTP status.
        var status: Int
        var summary: String
        /// Media type; nil for an answer without body.
        var type: String?
        var schema: JSONSchema?
        /// Of an error, the values that `code` may have.
        var codes: [String]
    }

    var method: HTTPRequest.Method
    /// Such as `/api/presets/{instanceId}`: a name in braces stands for one segment and is among the parameters.
    var path: String
    /// One line: what it does.
    var summary: String
    var parameters: [Parameter] = []
    var body: Body?
    /// Those of its own; what every request may be answered is in ``CommonAnswers``.
    var answers: [Answer]
    var handler: Handler
}

extension Route.Answer {
    /// A JSON body.
    static func json(_ summary: String, _ schema: JSONSchema, status: Int = 200) -> Self {
        Self(status: status, summary: summary, type: "application/json", schema: schema, codes: [])
    }

    /// A body that is no JSON.
    static func content(_ summary: String, type: String, _ schema: JSONSchema = .string, status: Int = 200) -> Self {
        Self(status: status, summary: summary, type: type, schema: schema, codes: [])
    }

    /// A refusal, with its body of type `error`.
    static func refusal(_ status: Int, _ summary: String, codes: String...) -> Self {
        Self(status: status, summary: summary, type: "application/json", schema: refusalSchema, codes: codes)
    }

    /// The body of a refusal.
    static let refusalSchema = JSONSchema(of: ErrorMessage.self)
        .adding([.init("type", .enumeration([ErrorMessage.type]))])
}
