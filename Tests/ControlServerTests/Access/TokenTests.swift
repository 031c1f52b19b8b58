import Logging
import NIOCore
import Synchronization
import Testing

@testable import ControlServer

/// The token over real sockets.
struct TokenTests {
    private static let text = "correct-horse-battery"
    private static let bearer = "Authorization: Bearer \(text)"

    private func run(
        logger: Logger = TestServer.logger,
        cors: [String] = [],
        _ body: (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run(
            corsOrigins: cors, token: try AccessToken(text: Self.text), logger: logger, body)
    }

    @Test(arguments: [
        "GET /", "GET /api/status", "GET /api/link", "GET /nothing", "GET /api/archive", "POST /api/status",
        "OPTIONS /api/status", "HEAD /api/status", "GET /healthz/", "GET //healthz", "GET /ws", "GET /%68ealthz",
    ])
    func isAskedOfEveryRequest(line: String) async throws {
        try await run { server in
            for fields in [
                [], ["Authorization: Basic \(Self.text)"], ["Authorization: Bearer"], ["Authorization: \(Self.text)"],
                ["Cookie: token=\(Self.text)"],
            ] {
                let response = try await server.request(line, fields)
                #expect(response.status == 401)
                #expect(response.fields["www-authenticate"] == "Bearer")
                #expect(response.fields["connection"] == "close")
                if !line.hasPrefix("HEAD") {
                    #expect(response.body.contains(#""code":"token_missing""#))
                }
            }
        }
    }

    @Test func isNotAskedForTheSignOfLife() async throws {
        try await run { (server: TestServer) async throws in
            #expect(try await server.request("GET /healthz").status == 200)
            #expect(try await server.request("GET /healthz", ["Origin: http://evil.example"]).status == 403)
        }
    }

    @Test func opensWithTheHeader() async throws {
        try await run { server in
            #expect(try await server.request("GET /api/status", [Self.bearer]).status == 200)
            #expect(try await server.request("GET /api/status", ["authorization: bEaReR \(Self.text)"]).status == 200)
            let client = try await server.connect()
            #expect(try await client.handshake([Self.bearer]).status == 101)
        }
    }

    @Test func opensWithTheQueryInHandshakesOnly() async throws {
        try await run { server in
            let client = try await server.connect()
            #expect(try await client.handshake(path: "/ws?token=\(Self.text)").status == 101)
            let escaped = try await server.connect()
            #expect(try await escaped.handshake(path: "/ws?client=desk&token=%63orrect-horse-battery").status == 101)
            for path in ["/api/status", "/", "/ws"] {
                #expect(try await server.request("GET \(path)?token=\(Self.text)").status == 401)
            }
            let elsewhere = try await server.connect()
            #expect(try await elsewhere.handshake(path: "/socket?token=\(Self.text)").status == 401)
        }
    }

    @Test func wrongOnesAreRefusedAndWhoGuessesHasToWait() async throws {
        try await run { server in
            var statuses: [Int] = []
            while statuses.last != 429 {
                let field = "Authorization: Bearer wrong-guess-\(statuses.count)"
                let response = try await server.request("GET /", [field])
                statuses.append(response.status)
                #expect((response.fields["retry-after"] != nil) == (response.status == 429))
            }
            #expect(statuses.count > TokenGuard.burst)
            #expect(statuses.dropLast().allSatisfy { $0 == 401 })
            #expect(try await server.request("GET /healthz").status == 200)
        }
    }

    @Test func whoHasToWaitLearnsNothing() throws {
        let now = Mutex(Duration.zero)
        let tokens = TokenGuard { now.withLock { $0 } }
        let token = try AccessToken(text: Self.text)
        let (guesser, other) = (PeerAddress(nil), PeerAddress(try SocketAddress(ipAddress: "10.0.0.1", port: 1)))
        func status(_ shown: [String], _ peer: PeerAddress) -> Int? {
            tokens.refusal(token: token, shown: shown, peer: peer)?.status
        }
        for _ in 0..<TokenGuard.burst {
            #expect(status(["wrong-guess-of-it"], guesser) == 401)
        }
        #expect(status(["wrong-guess-of-it"], guesser) == 429)
        #expect(status([Self.text], guesser) == 429)
        #expect(status([], guesser) == 401)
        #expect(status([Self.text], other) == nil)
        now.withLock { $0 = .seconds(60) }
        #expect(status([Self.text], guesser) == nil)
    }

    @Test func twoAreAsWrongAsAWrongOne() async throws {
        try await run { server in
            #expect(try await server.request("GET /", [Self.bearer, Self.bearer]).status == 401)
            let client = try await server.connect()
            #expect(try await client.handshake(path: "/ws?token=\(Self.text)&token=x").status == 401)
        }
    }

    @Test func neverReachesALogOrAnAnswer() async throws {
        let lines = LogLines()
        try await run(logger: lines.logger) { server in
            for request in [
                "GET /api/status", "GET /nothing?token=\(Self.text)", "GET /\(Self.text.dropLast())", "POST /ws",
            ] {
                _ = try await server.request(request, [Self.bearer])
                _ = try await server.request(request, ["Authorization: Bearer \(Self.text)x"])
            }
            let client = try await server.connect()
            _ = try await client.handshake(path: "/ws?token=\(Self.text)")
            let broken = try await server.connect()
            let refused = try await broken.handshake(path: "/ws?token=\(Self.text)&client=bad%20name")
            #expect(refused.status == 400)
            #expect(!refused.body.contains(Self.text))
        }
        #expect(!lines.text.isEmpty)
        #expect(!lines.text.contains(Self.text))
    }

    @Test func pagesThatMayReadAnswersLearnThatItIsMissing() async throws {
        let origin = "https://desk.example"
        try await run(cors: [origin]) { server in
            let response = try await server.request("GET /api/status", ["Origin: \(origin)"])
            #expect(response.status == 401)
            #expect(response.fields["access-control-allow-origin"] == origin)
            let preflight = ["Origin: \(origin)", "Access-Control-Request-Method: GET"]
            #expect(try await server.request("OPTIONS /api/status", preflight).status == 204)
            let own = ["Origin: http://127.0.0.1:\(server.port)", "Access-Control-Request-Method: GET"]
            #expect(try await server.request("OPTIONS /api/status", own).status == 401)
        }
    }
}

/// Keeps log lines of every level.
final class LogLines: Sendable {
    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.kept.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
        }
    }

    private let kept = Mutex("")

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    var text: String { kept.withLock { $0 } }
}
