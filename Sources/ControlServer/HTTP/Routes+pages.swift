import ControlProtocol
import HTTPTypes
import Hummingbird

/// Pages for people, and the documents of the interface.
extension Routes {
    var pages: [Route] {
        [
            Route(
                method: .get,
                path: "/status",
                summary: "What runs and where the interfaces are, for people.",
                answers: [.content("The page.", type: Self.htmlType)],
                handler: { _, _ in try await statusPage() }
            ),
            Route(
                method: .get,
                path: "/status.css",
                summary: "The style sheet of that page.",
                answers: [.content("The style sheet.", type: "text/css")],
                handler: { _, _ in Self.response(StatusPage.style, type: "text/css") }
            ),
            Route(
                method: .get,
                path: "/docs",
                summary: "Every message and every path, for people.",
                answers: [.content("The page.", type: Self.htmlType)],
                handler: { [documents] _, _ in
                    Self.page(try documents.page(table), DocumentationPage.contentSecurityPolicy)
                }
            ),
            Route(
                method: .get,
                path: "/docs.css",
                summary: "The style sheet of that page.",
                answers: [.content("The style sheet.", type: "text/css")],
                handler: { _, _ in Self.response(DocumentationPage.style, type: "text/css") }
            ),
            Route(
                method: .get,
                path: "/api/openapi.json",
                summary: "The paths as an OpenAPI 3.1 document.",
                answers: [.json("The document.", .map(.any))],
                handler: { [documents] _, _ in Self.response(try documents.openAPI(table)) }
            ),
            Route(
                method: .get,
                path: "/api/asyncapi.json",
                summary: "The messages of the WebSocket as an AsyncAPI 3.0 document.",
                answers: [.json("The document.", .map(.any))],
                handler: { [documents] _, _ in Self.response(try documents.asyncAPI()) }
            ),
        ]
    }

    private static let htmlType = PageFileName.index.type

    func statusPage() async throws -> Response {
        let page = StatusPage(status: await backend.status(), hasPage: try live.current.page != nil)
        return Self.page(page.html, StatusPage.contentSecurityPolicy)
    }

    private static func page(_ html: String, _ policy: String) -> Response {
        var response = response(html, type: htmlType)
        response.headers[.contentSecurityPolicy] = policy
        return response
    }
}
