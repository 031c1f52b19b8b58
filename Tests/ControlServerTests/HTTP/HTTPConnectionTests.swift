import Testing

@testable import ControlServer

struct HTTPConnectionTests {
    @Test func answersManyRequestsOnOneConnection() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            for _ in 0..<50 {
                try await client.send(client.requestText("GET /healthz", ["Host: localhost:\(server.port)"]))
                #expect(try await client.response().body == #"{"status":"ok"}"#)
            }
        }
    }

    @Test func answersPipelinedRequestsInOrderAndStopsAtARefusedOne() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = ["Host: localhost:\(server.port)"]
            try await client.send(
                client.requestText("GET /healthz", fields) + client.requestText("GET /nothing", fields)
                    + client.requestText("GET /", ["Host: evil.example"]) + client.requestText("GET /healthz", fields)
            )
            #expect(try await client.response().status == 200)
            #expect(try await client.response().status == 404)
            #expect(try await client.response().status == 421)
            await #expect(throws: TestClient.Fault.self) { try await client.response() }
        }
    }

    @Test func closesWhenTheClientAsksForIt() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            try await client.send(
                client.requestText("GET /healthz", ["Host: localhost:\(server.port)", "Connection: close"])
            )
            #expect(try await client.response().fields["connection"] == "close")
            await client.end()
        }
    }

    @Test func servesARequestThatOffersAnotherProtocolAndCloses() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = [
                "Host: localhost:\(server.port)", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
            ]
            try await client.send(client.requestText("GET /healthz", fields))
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response.fields["connection"] == "close")
            await client.end()
        }
    }

    @Test(arguments: [
        ("Host: evil.example", 421), ("Host: 127.0.0.1:1", 421), ("X-Host: none", 400),
        ("Origin: http://evil.example", 403), ("Origin: null", 403),
    ])
    func refusesForeignHostsAndOriginsAndCloses(field: String, status: Int) async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let host = field.contains("Host") ? [] : ["Host: localhost:\(server.port)"]
            try await client.send(client.requestText("GET /api/status", host + [field]))
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response.fields["connection"] == "close")
            #expect(response.body.contains(#""type":"error""#))
            await client.end()
        }
    }

    @Test func answersItsOwnPagesAndConfiguredHosts() async throws {
        try await TestServer.run(allowedHosts: ["mixer.local"]) { server in
            #expect(try await server.request("GET /healthz", ["Origin: http://localhost:\(server.port)"]).status == 200)
            let client = try await server.connect()
            let fields = ["Host: mixer.local", "Origin: http://mixer.local"]
            try await client.send(client.requestText("GET /healthz", fields))
            #expect(try await client.response().status == 200)
        }
    }

    @Test func refusesABodyAndDoesNotReadIt() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = ["Host: localhost:\(server.port)", "Content-Length: 1000000000"]
            client.sendLater(Array((client.requestText("GET /healthz", fields) + "the beginning of it").utf8))
            #expect(try await client.response().status == 413)
            await client.end()
        }
    }

    @Test func refusesHeadersLargerThanTheLimit() async throws {
        try await TestServer.run(limits: { $0.headerBytes = 2000 }) { server in
            let host = "Host: localhost:\(server.port)"
            for text in [
                "GET / HTTP/1.1\r\n\(host)\r\nX: " + String(repeating: "x", count: 3000),
                "GET /" + String(repeating: "x", count: 3000),
                "GET / HTTP/1.1\r\n\(host)\r\n" + String(repeating: "x: y\r\n", count: 100) + "\r\n",
            ] {
                let client = try await server.connect()
                client.sendLater(Array(text.utf8))
                let response = try await client.response()
                #expect(response.status == 431)
                #expect(response.fields["connection"] == "close")
                await client.end()
            }
        }
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "GET / HTTP/1.1\r\nHost a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func refusesWhatIsNoHTTPAndCloses(text: String) async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            client.sendLater(Array(text.utf8))
            #expect([400, 505].contains(try await client.response().status))
            await client.end()
            #expect(try await server.request("GET /healthz").status == 200)
        }
    }

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHost: loc"])
    func closesAConnectionWhoseHeaderDoesNotCome(beginning: String) async throws {
        try await TestServer.run(limits: { $0.headerTime = .milliseconds(50) }) { server in
            let client = try await server.connect()
            client.sendLater(Array(beginning.utf8))
            await client.end()
        }
    }

    @Test func closesAnIdleConnection() async throws {
        try await TestServer.run(limits: { $0.idleTime = .milliseconds(50) }) { server in
            let client = try await server.connect()
            client.sendLater(Array(client.requestText("GET /healthz", ["Host: localhost:\(server.port)"]).utf8))
            #expect(try await client.response().status == 200)
            client.sendLater(Array("GET / HTTP/1.1\r\nHost".utf8))
            await client.end()
        }
    }

    @Test func refusesOneConnectionTooManyAndServesAgainWhenOneHasGone() async throws {
        try await TestServer.run(limits: { $0.connections = 2 }) { server in
            let first = try await server.webSocket()
            let second = try await server.webSocket()
            let third = try await server.connect()
            let response = try await third.response()
            #expect(response.status == 503)
            #expect(response.body.contains(#""code":"too_many_connections""#))
            await third.end()
            try await second.sendText("still here")
            #expect(try await second.text() == "still here")
            try await first.send(TestClient.frame(opcode: 8, []))
            #expect(try await first.closeCode() == 1000)
            try await untilServed(by: server)
        }
    }

    @Test func boundsHowFastAnAddressConnects() async throws {
        try await TestServer.run(limits: { ($0.connectionsPerSecond, $0.connectionBurst) = (0, 3) }) { server in
            var clients: [TestClient] = []
            for _ in 0..<3 {
                clients.append(try await server.webSocket())
            }
            let refused = try await server.connect()
            let response = try await refused.response()
            #expect(response.status == 429)
            #expect(response.body.contains(#""code":"connecting_too_fast""#))
            await refused.end()
            for client in clients {
                try await client.sendText("still here")
                #expect(try await client.text() == "still here")
            }
        }
    }

    @Test func isNotImpressedByNoise() async throws {
        try await TestServer.run { server in
            var random = SplitMix(seed: 7)
            for _ in 0..<200 {
                let client = try await server.connect()
                client.sendLater(random.bytes(1...300))
                client.close()
            }
            #expect(try await server.request("GET /healthz").status == 200)
        }
    }

    @Test func requestsThatComeTooFastAreRefused() async throws {
        try await TestServer.run(limits: { ($0.messagesPerSecond, $0.messageBurst) = (1, 3) }) { server in
            let client = try await server.connect()
            var statuses: [Int] = []
            while statuses.last != 429 {
                try await client.send(client.requestText("GET /status.css", ["Host: 127.0.0.1:\(server.port)"]))
                statuses.append(try await client.response().status)
            }
            #expect(statuses.count >= 4)
            #expect(statuses.dropLast().allSatisfy { $0 == 200 })
            await client.end()
        }
    }

    /// The server learns of a closed connection a moment after its peer, so the first tries may still be refused.
    private func untilServed(by server: TestServer) async throws {
        while try await server.connect().requestHealth() == 503 {}
    }
}

extension TestClient {
    fileprivate func requestHealth() async throws -> Int {
        sendLater(Array(requestText("GET /healthz", ["Host: localhost:\(port)"]).utf8))
        return try await response().status
    }
}
