import Testing

@testable import ControlServer

struct ReadingRoutesTests {
    @Test(arguments: [
        ("/api/modules", #""moduleType":"channel_gain_v1""#), ("/api/profiles", #"{"profiles":[]}"#),
        ("/api/presets/gain%231", #""instanceId":"gain#1""#), ("/api/presets/group%231.gain%232", #""presets":[]"#),
        ("/api/audio/devices", #""id":"output:default""#), ("/api/debug/metrics", #""cpuLoad":2.5"#),
    ])
    func answersTheNodesStateAsJSON(path: String, part: String) async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET \(path)")
            #expect(response.status == 200)
            #expect(response.fields["content-type"] == "application/json")
            #expect(response.body.contains(part))
            #expect(!response.body.contains(#""type":"error""#))
        }
    }

    @Test(arguments: ["gain", "%2e%2e", "..%2f..%2fetc", "gain%231%00", "%23", "a%20b%231"])
    func refusesWhatIsNoInstanceId(id: String) async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET /api/presets/\(id)")
            #expect(response.status == 400)
            #expect(response.body.contains(#""code":"bad_field""#))
            #expect(response.body.contains(#""field":"instanceId""#))
        }
    }

    @Test(arguments: ["/api/modules", "/api/profiles", "/api/presets/gain%231", "/api/audio/devices"])
    func saysThatTheNodeDoesNotRun(path: String) async throws {
        try await TestServer.run { (server: TestServer) async throws in
            await server.backend.stop()
            let response = try await server.request("GET \(path)")
            #expect(response.status == 503)
            #expect(response.body.contains(#""type":"error""#))
        }
    }

    @Test func saysThatTheSimulationDoesNotRun() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            await server.backend.stopSimulating()
            let response = try await server.request("GET /api/debug/metrics")
            #expect(response.status == 503)
            #expect(response.body.contains(#""code":"simulation_stopped""#))
        }
    }
}
