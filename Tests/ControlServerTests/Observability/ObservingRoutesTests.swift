import Foundation
import Testing

@testable import ControlServer

struct ObservingRoutesTests {
    @Test func isNotReadyWhileTheNodeDoesNotRun() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            await server.backend.stop()
            let response = try await server.request("GET /readyz")
            #expect(response.status == 503)
            #expect(response.fields["content-type"] == "application/json")
            let readiness = try JSONDecoder().decode(Readiness.self, from: Data(response.body.utf8))
            #expect(!readiness.ready)
            #expect(readiness.reasons == ["The node is starting or stopping."])
        }
    }

    @Test func countsWhatTheServerDoes() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            #expect(try await server.request("GET /nothing").status == 404)
            #expect(try await server.request("GET /", ["Origin: http://evil.example"]).status == 403)
            let client = try await server.webSocket()
            try await client.sendText("hello")
            #expect(try await client.text() == "hello")
            let response = try await server.request("GET /metrics")
            #expect(response.status == 200)
            #expect(response.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(response.body.split(separator: "\n"))
            #expect(lines.contains("soundpost_node_running 0"))
            #expect(lines.contains(#"soundpost_http_responses_total{class="4xx"} 1"#))
            #expect(lines.contains(#"soundpost_rejected_requests_total{code="foreign_origin"} 1"#))
            #expect(lines.contains("soundpost_connections_total 4"))
            #expect(lines.contains("soundpost_websockets 1"))
            #expect(lines.contains("soundpost_websocket_received_messages_total 1"))
        }
    }
}
