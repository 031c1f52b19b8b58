import Testing

@testable import ControlServer

struct CORSTests {
    private static let origin = "https://desk.example:8443"

    @Test func anAllowedPageMayReadAnswersOfAllKinds() async throws {
        try await TestServer.run(corsOrigins: [Self.origin]) { server in
            for path in ["/api/status", "/nothing", "/healthz"] {
                let response = try await server.request("GET \(path)", ["Origin: \(Self.origin)"])
                #expect(response.fields["access-control-allow-origin"] == Self.origin)
                #expect(response.fields["access-control-allow-credentials"] == nil)
                #expect(response.fields["vary"]?.contains("Origin") == true)
            }
            let own = try await server.request("GET /api/status", ["Origin: http://localhost:\(server.port)"])
            #expect(own.status == 200)
            #expect(own.fields["access-control-allow-origin"] == nil)
        }
    }

    @Test func theAnswerIsEachRequestsOwn() async throws {
        try await TestServer.run(corsOrigins: [Self.origin]) { server in
            let client = try await server.connect()
            let host = "Host: 127.0.0.1:\(server.port)"
            for origin in [Self.origin, nil, Self.origin] {
                let fields = [host] + (origin.map { ["Origin: \($0)"] } ?? [])
                try await client.send(client.requestText("GET /healthz", fields))
                #expect(try await client.response().fields["access-control-allow-origin"] == origin)
            }
        }
    }

    @Test func answersPreflightsWithTheMethodsOfThePath() async throws {
        try await TestServer.run(corsOrigins: [Self.origin]) { server in
            let asks = ["Origin: \(Self.origin)", "Access-Control-Request-Method: POST"]
            for (path, methods) in [
                ("/api/status", "GET, HEAD"), ("/api/archive", "GET, HEAD, POST"), ("/api/audio/upload", "POST"),
            ] {
                let response = try await server.request("OPTIONS \(path)", asks)
                #expect(response.status == 204)
                #expect(response.fields["access-control-allow-origin"] == Self.origin)
                #expect(response.fields["access-control-allow-methods"] == methods)
                #expect(response.fields["access-control-allow-headers"] == "Authorization, Content-Type")
                #expect(response.fields["access-control-max-age"] == "600")
                #expect(response.fields["vary"]?.contains("Origin") == true)
            }
            #expect(try await server.request("OPTIONS /nothing", asks).status == 404)
            #expect(try await server.request("OPTIONS /api/status", ["Origin: \(Self.origin)"]).status == 405)
        }
    }

    @Test(arguments: [
        "null", "https://desk.example", "http://desk.example:8443", "https://desk.example:84430",
        "https://desk.example:8443/", "https://evil.desk.example:8443", "https://desk.example:8443.evil.example",
        "https://xdesk.example:8443", "*",
    ])
    func refusesEveryOtherPage(origin: String) async throws {
        try await TestServer.run(corsOrigins: [Self.origin]) { server in
            for line in ["GET /api/status", "OPTIONS /api/status", "POST /api/archive"] {
                let fields = ["Origin: \(origin)", "Access-Control-Request-Method: GET"]
                let response = try await server.request(line, fields)
                #expect(response.status == 403)
                #expect(response.fields["access-control-allow-origin"] == nil)
            }
        }
    }

    @Test func anAllowedPageMayOpenTheWebSocket() async throws {
        try await TestServer.run(corsOrigins: [Self.origin]) { server in
            let client = try await server.connect()
            #expect(try await client.handshake(["Origin: \(Self.origin)"]).status == 101)
        }
    }
}
