import Foundation
import Testing

@testable import ControlServer

struct UploadTests {
    private static let path = "/api/audio/upload?name=kick.wav"

    private func stored(_ server: TestServer) async throws -> (name: String, peer: String, data: Data) {
        var events = server.backend.events.makeAsyncIterator()
        guard case .stored(let name, let peer, let data) = await events.next() else {
            throw TestClient.Fault.unexpected("nothing was stored")
        }
        return (name, peer, data)
    }

    private func untilNothingIsOnItsWay(_ server: TestServer) async throws {
        while try !server.backend.filesOnTheirWay.isEmpty {
            await Task.yield()
        }
    }

    @Test func handsTheWholeBodyToTheNodeAndKeepsNothing() async throws {
        try await TestServer.run { server in
            var random = SplitMix(seed: 1)
            let body = random.bytes(3_000_000...3_000_000)
            let response = try await server.post(Self.path, body)
            #expect(response.status == 200)
            #expect(response.body == #"{"path":"kick.wav"}"#)
            let (name, peer, data) = try await stored(server)
            #expect(name == "kick.wav")
            #expect(peer.hasPrefix("127.0.0.1:"))
            #expect(data == Data(body))
            #expect(try server.backend.filesOnTheirWay.isEmpty)
        }
    }

    @Test func takesChunksAndAnswersTheNextRequestOnTheConnection() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let host = "Host: 127.0.0.1:\(server.port)"
            let fields = [host, "Transfer-Encoding: chunked", "Content-Type: audio/wav"]
            let chunks = "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\n\r\n"
            try await client.send(
                client.requestText("POST \(Self.path)", fields) + chunks + client.requestText("GET /healthz", [host]))
            #expect(try await client.response().status == 200)
            #expect(try await client.response().body == #"{"status":"ok"}"#)
            #expect(try await stored(server).data == Data("hello, world".utf8))
        }
    }

    @Test func aLongBodyDoesNotCountAsHeader() async throws {
        try await TestServer.run(limits: { $0.headerBytes = 1000 }) { server in
            let client = try await server.connect()
            let fields = ["Host: 127.0.0.1:\(server.port)", "Content-Length: 100000", "Content-Type: audio/wav"]
            for _ in 0..<3 {
                client.sendLater(
                    Array(client.requestText("POST \(Self.path)", fields).utf8) + [UInt8](repeating: 1, count: 100_000))
                #expect(try await client.response().status == 200)
            }
            client.sendLater(Array(("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 2000)).utf8))
            #expect(try await client.response().status == 431)
        }
    }

    @Test func givesLeaveToSendWhenAsked() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = [
                "Host: 127.0.0.1:\(server.port)", "Content-Length: 4", "Content-Type: audio/wav",
                "Expect: 100-continue",
            ]
            try await client.send(client.requestText("POST \(Self.path)", fields))
            #expect(try await client.response().status == 100)
            try await client.send("body")
            #expect(try await client.response().status == 200)
        }
    }

    @Test(arguments: [
        (["Content-Type: audio/wav"], 411), (["Content-Type: audio/wav", "Content-Length: 257"], 413),
        (["Content-Type: audio/wav", "Content-Length: 99999999999999999999999"], 400),
        (["Content-Type: audio/wav", "Content-Length: 1", "Transfer-Encoding: chunked"], 400),
        (["Content-Type: audio/wav", "Transfer-Encoding: gzip, chunked"], 400),
        (["Content-Type: audio/wav", "Content-Length: 1", "Content-Encoding: gzip"], 415), (["Content-Length: 1"], 415),
        (["Content-Type: text/plain", "Content-Length: 1"], 415),
        (["Content-Type: TEXT/Plain; charset=utf-8", "Content-Length: 1"], 415),
        (["Content-Type: multipart/form-data; boundary=x", "Content-Length: 1"], 415),
        (["Content-Type: application/x-www-form-urlencoded", "Content-Length: 1"], 415),
        (["Content-Type: audio/wav", "Content-Type: text/plain", "Content-Length: 1"], 415),
        (["Content-Type: audio/wav", "Content-Length: 1", "Origin: http://evil.example"], 403),
        (["Content-Type: audio/wav", "Content-Length: 1", "Origin: null"], 403),
    ])
    func judgesTheHeaderBeforeItReadsTheBody(fields: [String], status: Int) async throws {
        try await TestServer.run(limits: { $0.uploadBytes = 256 }) { server in
            let response = try await server.request("POST \(Self.path)", fields)
            #expect(response.status == status)
            #expect(response.fields["connection"] == "close")
            #expect(try server.backend.filesOnTheirWay.isEmpty)
        }
    }

    @Test(arguments: ["", "?", "?name", "?names=x", "?name=a&name=b"])
    func needsOneName(query: String) async throws {
        try await TestServer.run { server in
            let response = try await server.post("/api/audio/upload\(query)", [1])
            #expect(response.status == (query == "?name" ? 200 : 400))
        }
    }

    @Test func endsChunksThatExceedTheLimit() async throws {
        try await TestServer.run(limits: { $0.uploadBytes = 1000 }) { server in
            let client = try await server.connect()
            let fields = ["Host: 127.0.0.1:\(server.port)", "Transfer-Encoding: chunked", "Content-Type: audio/wav"]
            let chunk = "400\r\n" + String(repeating: "x", count: 1024) + "\r\n"
            client.sendLater(Array((client.requestText("POST \(Self.path)", fields) + chunk + chunk).utf8))
            let response = try await client.response()
            #expect(response.status == 413)
            #expect(response.fields["connection"] == "close")
            await client.end()
            try await untilNothingIsOnItsWay(server)
        }
    }

    @Test(arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"])
    func aClientThatGoesLeavesNothingBehind(length: String) async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = ["Host: 127.0.0.1:\(server.port)", length, "Content-Type: audio/wav"]
            try await client.send(client.requestText("POST \(Self.path)", fields) + "5\r\nhello\r\n")
            while try server.backend.filesOnTheirWay.isEmpty {
                await Task.yield()
            }
            client.close()
            try await untilNothingIsOnItsWay(server)
            // Nothing was handed over: the next file is the first one that the node sees.
            #expect(try await server.post("/api/audio/upload?name=next", [1]).status == 200)
            #expect(try await stored(server).name == "next")
        }
    }

    @Test(arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"])
    func aBodyThatDoesNotComeIsAnswered408(length: String) async throws {
        try await TestServer.run(limits: { $0.bodyTime = .milliseconds(50) }) { server in
            let client = try await server.connect()
            let fields = ["Host: 127.0.0.1:\(server.port)", length, "Content-Type: audio/wav"]
            client.sendLater(Array((client.requestText("POST \(Self.path)", fields) + "5\r\nhel").utf8))
            #expect(try await client.response().status == 408)
            await client.end()
            try await untilNothingIsOnItsWay(server)
        }
    }

    @Test func noiseInPlaceOfChunksEndsTheRequest() async throws {
        try await TestServer.run { server in
            let client = try await server.connect()
            let fields = ["Host: 127.0.0.1:\(server.port)", "Transfer-Encoding: chunked", "Content-Type: audio/wav"]
            client.sendLater(Array((client.requestText("POST \(Self.path)", fields) + "zz\r\nnonsense\r\n").utf8))
            #expect(try await client.response().status == 400)
            await client.end()
            try await untilNothingIsOnItsWay(server)
        }
    }

    @Test func boundsHowManyFilesComeAtOnce() async throws {
        try await TestServer.run(limits: { $0.transfers = 1 }) { server in
            let first = try await server.connect()
            let fields = ["Host: 127.0.0.1:\(server.port)", "Content-Length: 4", "Content-Type: audio/wav"]
            try await first.send(first.requestText("POST \(Self.path)", fields) + "bo")
            while try server.backend.filesOnTheirWay.isEmpty {
                await Task.yield()
            }
            let refused = try await server.post(Self.path, [1, 2, 3])
            #expect(refused.status == 503)
            #expect(refused.fields["retry-after"] != nil)
            try await first.send("dy")
            #expect(try await first.response().status == 200)
            #expect(try await server.post(Self.path, [1, 2, 3]).status == 200)
        }
    }

    @Test func saysSoWhenTheFileCannotBeKept() async throws {
        let backend = ScriptedBackend(directory: URL(filePath: "/dev/null/files"))
        try await TestServer.run(backend: backend) { server in
            let response = try await server.post(Self.path, [1, 2, 3])
            #expect(response.status == 507)
            #expect(response.body.contains(#""code":"storage_failed""#))
        }
    }
}
