/// Answers that a route does not name because any request may get them: from the gate in front of the routes, or from
/// the router.
enum CommonAnswers {
    struct Answer: Sendable {
        var status: Int
        /// Under which the OpenAPI document keeps it.
        var name: String
        var summary: String
        var codes: [String]
    }

    /// What a request to this route may be answered besides the route's own answers.
    static func of(_ route: Route) -> [Answer] {
        var answers = always
        if route.path.contains("{") {
            answers.append(notFound)
        }
        return answers.sorted { $0.status < $1.status }
    }

    /// All of them, in the order of their status.
    static var all: [Answer] {
        (always + elsewhere + [notFound]).sorted { $0.status < $1.status }
    }

    static let always = [
        Answer(
            status: 400,
            name: "MalformedRequest",
            summary: "The request is no well-formed HTTP/1.1 request to one host.",
            codes: ["malformed_request", "bad_target", "missing_host", "ambiguous_host", "bad_length"]
        ),
        Answer(
            status: 401,
            name: "Unauthorized",
            summary: "The node asks for its access token, and the request shows none or another.",
            codes: ["token_missing", "token_wrong"]
        ),
        Answer(
            status: 403,
            name: "ForeignOrigin",
            summary: "The page that sends the request may not use this node.",
            codes: ["foreign_origin"]
        ),
        Answer(
            status: 405,
            name: "MethodNotAllowed",
            summary: "The path takes other methods; the header Allow names them.",
            codes: ["method_not_allowed"]
        ),
        Answer(
            status: 413,
            name: "BodyNotAccepted",
            summary: "The request has a body that is too large, or that this path does not take.",
            codes: ["body_not_accepted", "too_large"]
        ),
        Answer(
            status: 421,
            name: "ForeignHost",
            summary: "The node does not answer for the host that the request names.",
            codes: ["foreign_host"]
        ),
        Answer(
            status: 429,
            name: "TooManyRequests",
            summary: """
                Connections or wrong tokens came too fast from this address, or requests on this connection; \
                Retry-After says when to come back.
                """,
            codes: ["connecting_too_fast", "requests_too_fast", "too_many_tokens"]
        ),
        Answer(
            status: 431,
            name: "HeaderTooLarge",
            summary: "The request header is larger than the node reads.",
            codes: ["header_too_large"]
        ),
        Answer(
            status: 503,
            name: "TooManyConnections",
            summary: "The node serves no more connections.",
            codes: ["too_many_connections"]
        ),
    ]

    static let notFound = Answer(
        status: 404, name: "NotFound", summary: "There is nothing at this path.", codes: ["not_found"])

    /// To requests that no document describes.
    static let elsewhere = [
        Answer(
            status: 500,
            name: "InternalError",
            summary: "The node failed to answer; its log says why.",
            codes: ["internal_error"]
        ),
        Answer(
            status: 501,
            name: "UnknownMethod",
            summary: "The method is none of HTTP's usual ones.",
            codes: ["unknown_method"]
        ),
        Answer(
            status: 505, name: "BadVersion", summary: "Only HTTP/1.0 and HTTP/1.1 are spoken.", codes: ["bad_version"]),
    ]
}
