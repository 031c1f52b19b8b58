import Testing

@testable import ControlServer

struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func isWrittenAsTheStandardDoes(seconds: Int, text: String) {
        #expect(HTTPDate.text(seconds: seconds) == text)
    }
}

struct RoutesTests {
    @Test func answersTheStatusAsJSON() async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET /api/status")
            #expect(response.status == 200)
            #expect(response.fields["content-type"] == "application/json")
            #expect(response.body.contains(#""paramCount":3"#))
            #expect(response.body.contains(#""simRunning":true"#))
        }
    }

    @Test func answersTheChainOr404WhereThereIsNone() async throws {
        try await TestServer.run(backend: ScriptedBackend(link: #"{"version":"2.2"}"#)) { server in
            let response = try await server.request("GET /api/link")
            #expect(response.status == 200)
            #expect(response.body == #"{"version":"2.2"}"#)
        }
        try await TestServer.run { server in
            let response = try await server.request("GET /api/link")
            #expect(response.status == 404)
            #expect(response.body.contains(#""code":"no_link""#))
        }
    }

    @Test func saysWhetherTheNodeRuns() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            #expect(try await server.request("GET /healthz").status == 200)
            await server.backend.stop()
            #expect(try await server.request("GET /healthz").status == 503)
            #expect(try await server.request("GET /api/status").status == 503)
            #expect(try await server.request("GET /").body.contains("starting or stopping"))
        }
    }

    @Test func servesAPageThatSaysWhatRunsAndLinksTheAPI() async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET /?from=bookmark")
            #expect(response.status == 200)
            #expect(response.fields["content-type"] == "text/html; charset=utf-8")
            #expect(response.fields["content-security-policy"]?.contains("style-src 'self'") == true)
            #expect(response.body.contains("48000 Hz"))
            #expect(response.body.contains("href=\"/api/status\""))
            #expect(response.body.contains("1.2.3 &lt;b&gt;"))
            #expect(!response.body.contains("<script"))
            let style = try await server.request("GET /status.css")
            #expect(style.fields["content-type"] == "text/css")
        }
    }

    @Test(arguments: ["/nothing", "/api", "/API/STATUS", "/../etc/passwd", "/..%2f..%2fetc/passwd", "/api/status%00"])
    func answersAnUnknownPathWithAJSONError(path: String) async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET \(path)")
            #expect(response.status == 404)
            #expect(response.fields["content-type"] == "application/json")
            #expect(response.body.contains(#""code":"not_found""#))
            #expect(response.body.contains(#""type":"error""#))
        }
    }

    @Test(arguments: [
        "//", "//api//status", "/api//status", "/api/status/", "/api/status//", "//healthz", "/healthz/", "/api/",
    ])
    func aPathWithEmptySegmentsIsAnotherPath(path: String) async throws {
        try await TestServer.run { (server: TestServer) async throws in
            #expect(try await server.request("GET \(path)").status == 404)
        }
    }

    @Test(arguments: ["/%", "/%zz", "/api/status%ff", "/api/%c0%ae%c0%ae/x", "/?x=%", "/api/status?x=%e4"])
    func refusesEscapesThatAreNoUTF8(path: String) async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET \(path)")
            #expect(response.status == 400)
            #expect(response.body.contains(#""code":"bad_target""#))
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    func answersAWrongMethodWith405AndTheRightOnes(method: String) async throws {
        try await TestServer.run { server in
            for path in ["/", "/status", "/api/status", "/api/link", "/healthz", "/ws", "/ws/audio"] {
                let response = try await server.request("\(method) \(path)")
                #expect(response.status == 405)
                #expect(response.fields["allow"] == "GET, HEAD")
                #expect(response.body.contains(#""code":"method_not_allowed""#))
            }
        }
    }

    @Test func aMethodIsWrongOnlyWhereThereIsSomething() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            #expect(try await server.request("POST /nothing").status == 404)
            #expect(try await server.request("POST /app.js").status == 405)
        }
    }

    @Test func answersMethodsOfOtherProtocolsWith501() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            #expect(try await server.request("PROPFIND /").status == 501)
        }
    }

    @Test func answersHEADWithoutABody() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = ["Host: localhost:\(server.port)"]
            for path in ["/api/status", "/nothing"] {
                try await client.send(client.requestText("HEAD \(path)", fields))
                let head = try await client.response(toHead: true)
                try await client.send(client.requestText("GET \(path)", fields))
                let get = try await client.response()
                #expect(head.status == get.status)
                #expect(head.fields["content-length"] == get.fields["content-length"])
            }
        }
    }

    @Test func asksPlainRequestsOnTheWebSocketPathToUpgrade() async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET /ws")
            #expect(response.status == 426)
            #expect(response.fields["upgrade"] == "websocket")
        }
    }

    @Test(arguments: ["GET /", "GET /api/status", "GET /nothing", "POST /", "GET nonsense"])
    func everyAnswerCarriesTheProtectiveHeaders(line: String) async throws {
        try await TestServer.run { server in
            let response = try await server.request(line)
            #expect(response.fields["x-content-type-options"] == "nosniff")
            #expect(response.fields["cache-control"] == "no-store")
            #expect(response.fields["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            let date = try #require(response.fields["date"])
            #expect(date.wholeMatch(of: /[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT/) != nil)
            #expect(response.fields["server"] == nil)
            #expect(response.fields["access-control-allow-origin"] == nil)
        }
    }
}
