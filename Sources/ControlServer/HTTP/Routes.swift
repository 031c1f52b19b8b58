import ControlProtocol
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The paths that the server answers over plain HTTP, and what they answer.
struct Routes: Sendable {
    let backend: any ControlBackend
    let counters: ServerCounters
    let documents = InterfaceDocuments()
    private let files: FileRoutes
    private let logger: Logger

    init(backend: any ControlBackend, live: LiveRules, counters: ServerCounters, logger: Logger) {
        self.backend = backend
        self.counters = counters
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
        return { [logger, counters] request, writer, channel in
            let context = Route.Context(source: .init(channel: channel, logger: logger))
            let response = try await responder.respond(to: request, context: context)
            counters.answered(status: response.status.code)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// Everything that is answered.
    var table: [Route] {
        pages + observing + reading + files.routes + [webSocket]
    }

    private var webSocket: Route {
        Route(
            method: .get,
            path: RequestScreen.webSocketPath,
            summary: "The control messages over WebSocket; /api/asyncapi.json describes them.",
            answers: [
                .refusal(426, "The request is no WebSocket handshake.", codes: "upgrade_required", "bad_handshake")
            ],
            handler: { _, _ in throw Self.upgradeRequired }
        )
    }

    private static let upgradeRequired = Refusal(
        426,
        "upgrade_required",
        "This path speaks WebSocket only: connect with ws:// and this node's address.",
        fields: [.init(name: "Upgrade", value: "websocket"), .init(name: "Connection", value: "Upgrade")]
    )

    static let notRunning = Refusal(503, "not_running", "The node is starting or stopping.")

    static let notRunningAnswer = Route.Answer.refusal(
        503, "The node is starting or stopping.", codes: "not_running")

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

    /// A value as the body; `not_running` for none.
    static func json(_ value: (some Encodable)?, status: HTTPResponse.Status = .ok) throws -> Response {
        guard let value else { throw notRunning }
        var response = response(try MessageEncoder().json(value))
        response.status = status
        return response
    }

    static func response(_ body: String, type: String = "application/json") -> Response {
        .text(body, type: type)
    }
}
