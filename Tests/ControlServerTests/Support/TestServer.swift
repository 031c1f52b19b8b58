import Foundation
import Logging
import ServiceLifecycle

@testable import ControlServer

/// A control server on a free loopback port, for the length of one closure.
struct TestServer {
    let port: Int
    let backend: ScriptedBackend
    let control: ControlServer
    private let group: ServiceGroup

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Limits by which nothing ends by time.
    static var patientLimits: ServerLimits {
        var limits = ServerLimits()
        limits.headerTime = .seconds(3600)
        limits.idleTime = .seconds(3600)
        limits.pingInterval = .seconds(3600)
        limits.closeTime = .seconds(3600)
        limits.bodyTime = .seconds(3600)
        limits.shutdownTime = .seconds(3600)
        return limits
    }

    /// Runs a server, then the body, then shuts the server down and waits for its end.
    ///
    /// Nothing ends by time unless `limits` says so: a test must not depend on how busy the machine is.
    static func run(
        backend: ScriptedBackend = ScriptedBackend(),
        host: String = "127.0.0.1",
        allowedHosts: [String] = [],
        allowedOrigins: [String] = [],
        corsOrigins: [String] = [],
        token: AccessToken? = nil,
        tls: TLSFiles? = nil,
        page: URL? = nil,
        logger: Logger = logger,
        limits change: (inout ServerLimits) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        var limits = patientLimits
        change(&limits)
        let configuration = try ControlServerConfiguration(
            host: host,
            port: 0,
            allowedHosts: allowedHosts,
            allowedOrigins: allowedOrigins,
            corsOrigins: corsOrigins,
            token: token,
            tls: tls,
            page: page,
            limits: limits
        )
        let server = ControlServer(backend: backend, configuration: configuration, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        async let ended: Void = group.run()
        let address = try await server.boundAddress
        let outcome: Result<Void, any Error>
        do {
            try await body(TestServer(port: address.port, backend: backend, control: server, group: group))
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await ended
        try outcome.get()
    }

    /// Begins the graceful shutdown and returns at once.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// A new TCP connection.
    func connect() async throws -> TestClient {
        try await TestClient(port: port)
    }

    /// A new connection after its WebSocket handshake.
    func webSocket(path: String = "/ws") async throws -> TestClient {
        let client = try await connect()
        let response = try await client.handshake(path: path)
        guard response.status == 101 else { throw TestClient.Fault.unexpected("handshake answered \(response.status)") }
        return client
    }

    /// One request on a connection of its own.
    func request(_ line: String, _ fields: [String] = [], body: [UInt8] = []) async throws -> TestClient.Response {
        let client = try await connect()
        defer { client.close() }
        client.sendLater(Array(client.requestText(line, ["Host: 127.0.0.1:\(port)"] + fields).utf8) + body)
        return try await client.response(toHead: line.hasPrefix("HEAD"))
    }

    /// A body of known length with its type.
    func post(
        _ path: String,
        _ body: [UInt8],
        type: String = "audio/wav",
        _ fields: [String] = []
    ) async throws -> TestClient.Response {
        let own = ["Content-Length: \(body.count)", "Content-Type: \(type)"]
        return try await request("POST \(path)", own + fields, body: body)
    }
}
