import ControlProtocol
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The paths that the server answers over plain HTTP, and what they answer.
struct Routes: Sendable {
    private typealias Context = ControlContext
    private typealias Handler = @Sendable (Request, Context) async throws -> Response

    private struct Route {
        var path: RouterPath
        var methods: [HTTPRequest.Method: Handler]
    }

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
        let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: FaultMiddleware())
        for route in table {
            for (method, handler) in route.methods {
                router.on(route.path, method: method, use: handler)
            }
            refuseOtherMethods(of: route, on: router)
        }
        let responder = router.buildResponder()
        return { [logger] request, writer, channel in
            let context = Context(source: .init(channel: channel, logger: logger))
            let response = try await responder.respond(to: request, context: context)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    private var table: [Route] {
        [
            Route(path: "/", methods: [.get: { _, _ in try await page() }]),
            Route(path: "/status.css", methods: [.get: { _, _ in Self.response(StatusPage.style, type: "text/css") }]),
            Route(path: "/healthz", methods: [.get: { _, _ in try await health() }]),
            Route(path: "/api/status", methods: [.get: { _, _ in try await status() }]),
            Route(path: "/api/link", methods: [.get: { _, _ in try await link() }]),
            Route(path: "/api/audio/upload", methods: [.post: files.uploadAudio]),
            Route(path: "/api/archive", methods: [.get: files.exportArchive, .post: files.importArchive]),
            Route(path: "/ws", methods: [.get: { _, _ in throw Self.upgradeRequired }]),
        ]
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
    private func refuseOtherMethods(of route: Route, on router: Router<Context>) {
        var allowed = Set(route.methods.keys)
        if allowed.contains(.get) {
            allowed.insert(.head)
        }
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        let refusal = Refusal(
            405,
            "method_not_allowed",
            "The path \(route.path) takes \(names).",
            fields: [.init(name: "Allow", value: names)]
        )
        for method in FaultMiddleware.knownMethods.subtracting(allowed) {
            router.on(route.path, method: method) { request, _ -> Response in
                guard method == .options, let preflight = Preflight(request) else { throw refusal }
                return preflight.answer(methods: names)
            }
        }
    }

    private static func response(_ body: String, type: String = "application/json") -> Response {
        .text(body, type: type)
    }
}
