import ChainModel
import ControlProtocol
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Node

/// The paths that the server answers over plain HTTP, and what they answer.
struct Routes: Sendable {
    private let backend: any ControlBackend
    private let files: FileRoutes
    private let logger: Logger

    init(backend: any ControlBackend, live: LiveRules, logger: Logger) {
        self.backend = backend
        self.logger = logger
        files = FileRoutes(backend: backend, live: live)
    }

    /// What the server calls for each request.
    func responder() -> HTTPChannelHandler.Responder {
        let router = Router(context: Route.Context.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: FaultMiddleware())
        for route in table {
            router.on(RouterPath(route.path), method: route.method, use: route.handler)
        }
        for (path, routes) in Dictionary(grouping: table, by: \.path) {
            refuseMethods(otherThan: Set(routes.map(\.method)), at: path, on: router)
        }
        let responder = router.buildResponder()
        return { [logger] request, writer, channel in
            let context = Route.Context(source: .init(channel: channel, logger: logger))
            let response = try await responder.respond(to: request, context: context)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// Everything that is answered.
    var table: [Route] {
        let notRunning = Route.Answer.refusal(503, "The node is starting or stopping.", codes: "not_running")
        return [
            Route(
                method: .get,
                path: "/",
                summary: "A page that says what runs and where the interfaces are.",
                answers: [.content("The page.", type: "text/html; charset=utf-8")],
                handler: { _, _ in try await page() }
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
                path: "/healthz",
                summary: "Whether the node runs.",
                answers: [.json("It runs.", .object([.init("status", .enumeration(["ok"]))])), notRunning],
                handler: { _, _ in try await health() }
            ),
            Route(
                method: .get,
                path: "/api/status",
                summary: "What the node is doing: version, clients, mode, simulation and devices.",
                answers: [.json("The node's state.", JSONSchema(of: NodeStatus.self)), notRunning],
                handler: { _, _ in try await status() }
            ),
            Route(
                method: .get,
                path: "/api/link",
                summary: "The signal chain as it was written.",
                answers: [
                    .json("The chain.", LinkConfig.schema),
                    .refusal(404, "The node has no chain.", codes: "no_link"),
                ],
                handler: { _, _ in try await link() }
            ),
            Route(
                method: .get,
                path: RequestScreen.webSocketPath,
                summary: "The control messages over WebSocket; `/api/asyncapi.json` describes them.",
                parameters: [],
                answers: [
                    .refusal(426, "The request is no WebSocket handshake.", codes: "upgrade_required", "bad_handshake")
                ],
                handler: { _, _ in throw Self.upgradeRequired }
            ),
        ] + files.routes
    }

    private static let upgradeRequired = Refusal(
        426,
        "upgrade_required",
        "This path speaks WebSocket only: connect with ws:// and this node's address.",
        fields: [.init(name: "Upgrade", value: "websocket"), .init(name: "Connection", value: "Upgrade")]
    )

    private static let notRunning = Refusal(503, "not_running", "The node is starting or stopping.")

    private func page() async throws -> Response {
        let page = StatusPage(status: await backend.status())
        var response = Self.response(page.html, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] = StatusPage.contentSecurityPolicy
        return response
    }

    private func health() async throws -> Response {
        guard await backend.status() != nil else { throw Self.notRunning }
        return Self.response(#"{"status":"ok"}"#)
    }

    private func status() async throws -> Response {
        guard let status = await backend.status() else { throw Self.notRunning }
        return Self.response(try MessageEncoder().json(status))
    }

    private func link() async throws -> Response {
        guard let body = try await backend.linkBody() else {
            throw Refusal(404, "no_link", "This node has no chain. Send write_link over the WebSocket to give it one.")
        }
        return Self.response(body)
    }

    /// The router knows only paths with a method; without this it would answer a wrong method like an unknown path.
    private func refuseMethods(
        otherThan methods: Set<HTTPRequest.Method>,
        at path: String,
        on router: Router<Route.Context>
    ) {
        let allowed = methods.contains(.get) ? methods.union([.head]) : methods
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        let refusal = Refusal(
            405,
            "method_not_allowed",
            "The path \(path) takes \(names).",
            fields: [.init(name: "Allow", value: names)]
        )
        for method in FaultMiddleware.knownMethods.subtracting(allowed) {
            router.on(RouterPath(path), method: method) { request, _ -> Response in
                guard method == .options, let preflight = Preflight(request) else { throw refusal }
                return preflight.answer(methods: names)
            }
        }
    }

    private static func response(_ body: String, type: String = "application/json") -> Response {
        .text(body, type: type)
    }
}
