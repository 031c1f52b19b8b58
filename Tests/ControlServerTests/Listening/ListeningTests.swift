import AudioEngine
import NIOCore
import Node
import Testing

@testable import ControlServer

/// `/ws/audio` over real sockets.
struct ListeningTests {
    private static let path = "/ws/audio"

    /// Some 20 ms of stereo.
    private let chunk = AudioChunk(
        sampleRate: 48_000, channels: 2, samples: [Float](repeating: 0.25, count: 2 * 960), position: 0)

    /// The number of the next message, which must be one.
    private func number(from client: TestClient) async throws -> Int {
        let frame = try #require(try await client.frame())
        #expect(frame.opcode == 2)
        #expect(frame.fin)
        #expect(frame.payload.count == SoundMessages.headerBytes + 4 * chunk.samples.count)
        return frame.payload.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    @Test func everyListenerHearsEverythingFromWhenItConnected() async throws {
        try await TestServer.run { server in
            let sound = server.backend.sound
            var events = sound.events.makeAsyncIterator()
            let early = try await server.webSocket(path: Self.path)
            #expect(await events.next() == .began(1))
            sound.play(chunk)
            #expect(try await number(from: early) == 0)
            let late = try await server.webSocket(path: Self.path)
            #expect(await events.next() == .began(2))
            for round in 0..<20 {
                sound.play(chunk)
                #expect(try await number(from: early) == round + 1)
                #expect(try await number(from: late) == round)
            }
        }
    }

    @Test func theBytesAreThoseOfTheMessages() async throws {
        try await TestServer.run { server in
            var events = server.backend.sound.events.makeAsyncIterator()
            let client = try await server.webSocket(path: Self.path)
            _ = await events.next()
            server.backend.sound.play(chunk)
            var messages = SoundMessages()
            let expected = messages.next(chunk).flatMap { Array($0.readableBytesView) }
            #expect(try await client.frame()?.payload == expected)
        }
    }

    @Test func aSlowListenerMissesWholeMessagesAndGetsTheNewest() async throws {
        let limit = 64 * 1024
        try await TestServer.run(limits: { $0.soundBytes = limit }) { server in
            var events = server.backend.sound.events.makeAsyncIterator()
            let slow = try await TestClient(port: server.port, reads: false)
            slow.sendLater(Array(slow.handshakeText(path: Self.path).utf8))
            #expect(await events.next() == .began(1))
            // More than the kernel's buffers take.
            let count = 4000
            for _ in 0..<count {
                server.backend.sound.play(chunk)
            }
            let metrics = try await server.request("GET /metrics").body
            let waiting = try #require(
                metrics.firstMatch(of: #/\nsoundpost_outbound_queue_max_bytes ([0-9]+)/#).flatMap { Int($0.1) })
            #expect(waiting <= limit)
            #expect(metrics.contains("\nsoundpost_listeners 1"))
            try await slow.startReading()
            #expect(try await slow.response().status == 101)
            var numbers: [Int] = []
            while numbers.last != count - 1 {
                numbers.append(try await number(from: slow))
            }
            #expect(numbers == numbers.sorted())
            #expect(Set(numbers).count == numbers.count)
            #expect(numbers.count < count)
            server.backend.sound.play(chunk)
            #expect(try await number(from: slow) == count)
        }
    }

    @Test func whatAListenerSendsIsIgnored() async throws {
        try await TestServer.run { server in
            var events = server.backend.sound.events.makeAsyncIterator()
            let client = try await server.webSocket(path: Self.path)
            _ = await events.next()
            let noise: [(fin: Bool, opcode: UInt8)] = [
                (true, 1), (true, 2), (false, 1), (true, 1), (true, 0), (false, 0),
            ]
            client.sendLater(
                noise.flatMap { TestClient.frame(fin: $0.fin, opcode: $0.opcode, [0xFF, 0xFE]) }
                    + TestClient.frame(opcode: 10, []) + TestClient.frame(opcode: 9, [7]))
            #expect(try await client.frame() == .init(fin: true, opcode: 10, payload: [7]))
            server.backend.sound.play(chunk)
            #expect(try await number(from: client) == 0)
            #expect(await server.backend.status()?.clients == 0)
        }
    }

    @Test func endsWithItsConnection() async throws {
        try await TestServer.run { server in
            var events = server.backend.sound.events.makeAsyncIterator()
            let polite = try await server.webSocket(path: Self.path)
            let rude = try await server.webSocket(path: Self.path)
            #expect(await events.next() == .began(1))
            #expect(await events.next() == .began(2))
            try await polite.send(TestClient.frame(opcode: 8, [0x03, 0xE8]))
            #expect(try await polite.closeCode() == 1000)
            #expect(await events.next() == .ended(1))
            rude.close()
            #expect(await events.next() == .ended(0))
        }
    }

    @Test func endsWithTheServer() async throws {
        try await TestServer.run { server in
            var events = server.backend.sound.events.makeAsyncIterator()
            let client = try await server.webSocket(path: Self.path)
            #expect(await events.next() == .began(1))
            await server.shutDown()
            #expect(try await client.closeCode() == 1001)
            #expect(await events.next() == .ended(0))
        }
    }

    @Test func isPingedAndClosedWhenItStaysSilent() async throws {
        try await TestServer.run(limits: { $0.pingInterval = .milliseconds(300) }) { server in
            let client = try await server.webSocket(path: Self.path)
            #expect(try await client.frame()?.opcode == 9)
            #expect(try await client.closeCode() == 1011)
        }
    }

    @Test func oneTooManyIsToldSoAndThereIsRoomWhenOneGoes() async throws {
        try await TestServer.run(limits: { $0.listeners = 1 }) { server in
            var events = server.backend.sound.events.makeAsyncIterator()
            let first = try await server.webSocket(path: Self.path)
            #expect(await events.next() == .began(1))
            #expect(try await server.webSocket(path: Self.path).closeCode() == 1013)
            try await first.send(TestClient.frame(opcode: 8, []))
            #expect(try await first.closeCode() == 1000)
            #expect(await events.next() == .ended(0))
            let next = try await server.webSocket(path: Self.path)
            #expect(await events.next() == .began(1))
            server.backend.sound.play(chunk)
            #expect(try await number(from: next) == 0)
        }
    }

    @Test func handshakesAreJudgedAsThoseOfClients() async throws {
        try await TestServer.run(token: try AccessToken(text: "correct-horse-battery")) { server in
            let right = "\(Self.path)?token=correct-horse-battery"
            for (path, fields, status) in [
                (Self.path, [], 401), ("\(Self.path)?token=correct-horse-batterx", [], 401),
                (right, ["Origin: http://evil.example"], 403), (right, ["Sec-Fetch-Site: cross-site"], 403),
                (right, ["Content-Length: 5"], 413), ("\(right)&client=%20", [], 400), (right, [], 101),
            ] {
                let client = try await server.connect()
                #expect(try await client.handshake(path: path, fields).status == status, "\(path) \(fields)")
            }
            let foreign = try await server.connect()
            #expect(try await foreign.handshake(path: right, host: "evil.example").status == 421)
            let bearer = "Authorization: Bearer correct-horse-battery"
            #expect(try await server.request("GET \(Self.path)", [bearer]).status == 426)
            #expect(try await server.request("POST \(Self.path)", [bearer]).status == 405)
        }
    }
}
