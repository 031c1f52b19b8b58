import Testing

@testable import ControlServer

struct WebSocketHandshakeTests {
    @Test func acceptsAHandshake() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let response = try await client.handshake()
            #expect(response.status == 101)
            #expect(response.fields["sec-websocket-accept"] == TestClient.acceptance)
            #expect(response.fields["upgrade"] == "websocket")
            #expect(response.fields["sec-websocket-extensions"] == nil)
            try await client.sendText(#"{"type":"ping"}"#)
            #expect(try await client.text() == #"{"type":"ping"}"#)
        }
    }

    @Test func takesMessagesThatComeRightBehindTheHandshake() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let early = ["early", "bird"].flatMap { TestClient.frame(opcode: 1, Array($0.utf8)) }
            try await client.send(Array(client.handshakeText().utf8) + early)
            #expect(try await client.response().status == 101)
            #expect(try await client.text() == "early")
            #expect(try await client.text() == "bird")
        }
    }

    @Test func takesAHandshakeThatArrivesByteByByte() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            for byte in client.handshakeText().utf8 {
                try await client.send([byte])
            }
            #expect(try await client.response().status == 101)
        }
    }

    @Test func letsItsOwnPagesAndConfiguredOnesIn() async throws {
        try await TestServer.run(allowedHosts: ["mixer.local"], allowedOrigins: ["https://desk.example"]) { server in
            let port = server.port
            for (host, origin) in [
                ("127.0.0.1:\(port)", "http://127.0.0.1:\(port)"), ("localhost:\(port)", "http://localhost:\(port)"),
                ("[::1]:\(port)", "http://[::1]:\(port)"), ("mixer.local", "http://mixer.local"),
                ("mixer.local", "https://desk.example"),
            ] {
                let client = try await server.connect()
                #expect(try await client.handshake(host: host, ["Origin: \(origin)"]).status == 101)
            }
        }
    }

    @Test(arguments: [
        "null", "http://evil.example", "http://localhost", "http://localhost:1", "https://localhost:PORT",
        "http://localhost:PORT.evil.example", "http://localhost.evil.example:PORT", "http://evil-localhost:PORT",
        "http://sub.localhost:PORT", "http://127.0.0.1", "http://127.0.0.2:PORT", "http://127.0.0.1.evil.example:PORT",
        "http://localhost:PORT/", "http://localhost:PORT@evil.example", "http://evil.example#localhost:PORT", "file://",
        "chrome-extension://abcdef", "ws://localhost:PORT", "localhost:PORT", "http://localhost:PORT0", "*",
        "http://localhost:PORT http://evil.example",
    ])
    func refusesPagesOfOtherSites(origin: String) async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let origin = origin.replacing("PORT", with: String(server.port))
            let response = try await client.handshake(["Origin: \(origin)"])
            #expect(response.status == 403)
            #expect(response.body.contains(#""code":"foreign_origin""#))
            await client.end()
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:PORT", "localhost", "localhost:1", "localhost.evil.example:PORT", "0.0.0.0:PORT",
    ])
    func refusesNamesThatWereBoundToThisAddress(host: String) async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let host = host.replacing("PORT", with: String(server.port))
            #expect(try await client.handshake(host: host, ["Origin: http://\(host)"]).status == 421)
            await client.end()
        }
    }

    @Test(arguments: [
        ("", "nobody"), ("?client=desk", "desk"), ("?client=mixer%231", "mixer#1"),
        ("?other=1&client=a.b_c-D9", "a.b_c-D9"),
        ("?client=\(String(repeating: "x", count: 64))", String(repeating: "x", count: 64)),
    ])
    func tellsTheNodeTheNameThatAClientGivesItself(query: String, name: String) async throws {
        try await TestServer.run { server in
            for _ in 0..<2 {
                let client = try await server.connect()
                #expect(try await client.handshake(path: "/ws\(query)").status == 101)
                try await client.sendText("who")
                #expect(try await client.text().hasPrefix("\(name) at 127.0.0.1:"))
            }
        }
    }

    @Test(arguments: [
        "", "ws-1", "ws-", "a b", "a%20b", "%00", "a/b", "..%2Fa", "%C3%A4", "desk&client=desk",
        String(repeating: "x", count: 65),
    ])
    func refusesNamesOfAnotherForm(name: String) async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let response = try await client.handshake(path: "/ws?client=\(name.replacing(" ", with: "%20"))")
            #expect(response.status == 400)
            #expect(response.body.contains(#""code":"bad_client_name""#))
        }
    }

    @Test func refusesAHandshakeOnAUsedConnection() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            try await client.send(client.requestText("GET /healthz", ["Host: localhost:\(server.port)"]))
            #expect(try await client.response().status == 200)
            #expect(try await client.handshake().status == 400)
            await client.end()
        }
    }

    @Test func aHandshakeElsewhereIsAnOrdinaryRequest() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            #expect(try await client.handshake(path: "/socket").status == 404)
            await client.end()
        }
    }

    @Test func refusesOtherVersionsAndSaysWhichItSpeaks() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let text = client.handshakeText().replacing("Version: 13", with: "Version: 8")
            try await client.send(text)
            let response = try await client.response()
            #expect(response.status == 426)
            #expect(response.fields["sec-websocket-version"] == "13")
            await client.end()
        }
    }

    @Test func aHandshakeWithABodyDoesNotHang() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            #expect(try await client.handshake(["Content-Length: 5"]).status == 413)
            await client.end()
        }
    }
}
