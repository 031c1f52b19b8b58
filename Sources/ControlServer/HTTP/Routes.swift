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
    let live: LiveRules
    private let files: FileRoutes
    private let logger: Logger

    init(backend: any ControlBackend, live: LiveRules, counters: ServerCounters, logger: Logger) {
        self.backend = backend
        self.live = live
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
        page + pages + observing + reading + files.routes + webSockets
    }

    private var webSockets: [Route] {
        WebSocketPath.allCases.map { path in
            Route(
                method: .get,
                path: path.rawValue,
                summary: Self.summary(of: path),
                answers: [
                    .refusal(
                        426, "The request is no WebSocket handshake.", codes: Self.upgradeRequired.code, "bad_handshake"
                    )
                ],
                handler: { _, _ in throw Self.upgradeRequired }
            )
        }
    }

    private static func summary(of path: WebSocketPath) -> String {
        switch path {
        case .control: "The control messages over WebSocket; /api/asyncapi.json describes them."
        case .listening: "What the chain plays, as binary messages over WebSocket; /api/asyncapi.json describes them."
        }
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
                // The path of the page's files stands for all short ones, most of which are nothing.
                guard path != Self.filePath || PageFileName(path: request.uri.path) != nil else {
                    throw HTTPError(.notFound)
                }
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
