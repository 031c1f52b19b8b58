import Testing

@testable import ControlServer

struct WebSocketAbuseTests {
    private static let limit = 1 << 20

    private func closeCode(after bytes: [UInt8]) async throws -> Int? {
        var code: Int?
        try await TestServer.run { server in
            let client = try await server.webSocket()
            client.sendLater(bytes)
            code = try await client.closeCode()
            #expect(try await server.request("GET /healthz").status == 200)
        }
        return code
    }

    @Test func closesAnOversizedMessageWith1009() async throws {
        let payload = [UInt8](repeating: 0x61, count: Self.limit + 1)
        #expect(try await closeCode(after: TestClient.frame(opcode: 1, payload)) == 1009)
    }

    @Test func closesAnAnnouncedGiantWith1009BeforeItComes() async throws {
        for length in [1 << 30, UInt64(Int.max), .max] {
            let bytes = (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
            #expect(try await closeCode(after: [0x81, 0xFF] + bytes + [1, 2, 3, 4]) == 1009)
        }
    }

    @Test func closesFragmentsThatGrowTooLongWith1009() async throws {
        let part = [UInt8](repeating: 0x61, count: 1 << 18)
        var bytes = TestClient.frame(fin: false, opcode: 1, part)
        for _ in 0..<4 {
            bytes += TestClient.frame(fin: false, opcode: 0, part)
        }
        #expect(try await closeCode(after: bytes) == 1009)
    }

    @Test func joinsAMessageOfOneByteFragments() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            var bytes = TestClient.frame(fin: false, opcode: 1, [0x61])
            for _ in 0..<20_000 {
                bytes += TestClient.frame(fin: false, opcode: 0, [0x62])
            }
            client.sendLater(bytes + TestClient.frame(opcode: 0, []))
            #expect(try await client.text() == "a" + String(repeating: "b", count: 20_000))
        }
    }

    @Test func closesBinaryMessagesWith1003() async throws {
        #expect(try await closeCode(after: TestClient.frame(opcode: 2, [1, 2, 3])) == 1003)
    }

    @Test func closesTextThatIsNoUTF8With1007() async throws {
        #expect(try await closeCode(after: TestClient.frame(opcode: 1, [0x61, 0xFF])) == 1007)
        let split = TestClient.frame(fin: false, opcode: 1, [0xC3]) + TestClient.frame(opcode: 0, [0x28])
        #expect(try await closeCode(after: split) == 1007)
    }

    @Test(arguments: [
        TestClient.frame(opcode: 1, [0x61], masked: false),
        TestClient.frame(reserved: 4, opcode: 1, [0x61]),
        TestClient.frame(reserved: 1, opcode: 9, []),
        TestClient.frame(opcode: 3, []),
        TestClient.frame(opcode: 15, []),
        TestClient.frame(opcode: 0, [0x61]),
        TestClient.frame(fin: false, opcode: 1, [0x61]) + TestClient.frame(opcode: 1, [0x61]),
        TestClient.frame(fin: false, opcode: 9, []),
        TestClient.frame(fin: false, opcode: 8, []),
        TestClient.frame(opcode: 9, [UInt8](repeating: 0, count: 126)),
        TestClient.frame(opcode: 8, [UInt8](repeating: 0, count: 200)),
        TestClient.frame(opcode: 8, [3]),
        TestClient.frame(opcode: 8, [0x03, 0xEE]),
    ])
    func closesFramesAgainstTheProtocolWith1002(bytes: [UInt8]) async throws {
        #expect(try await closeCode(after: bytes) == 1002)
    }

    @Test func answersWhatCameBeforeTheOffence() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            client.sendLater(TestClient.frame(opcode: 1, Array("first".utf8)) + TestClient.frame(opcode: 2, [1]))
            #expect(try await client.text() == "first")
            #expect(try await client.closeCode() == 1003)
        }
    }

    @Test func ignoresWhatFollowsTheOffence() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            client.sendLater(TestClient.frame(opcode: 2, [1]) + TestClient.frame(opcode: 1, Array("late".utf8)))
            let frame = try await client.frame()
            #expect(frame?.closeCode == 1003)
            #expect(try await client.frame() == nil)
        }
    }

    @Test func aFloodOfPingsFromAClientThatReadsNothingHarmsNobody() async throws {
        try await TestServer.run(limits: { $0.closeTime = .milliseconds(50) }) { server in
            var events = server.backend.events.makeAsyncIterator()
            let flooder = try await TestClient(port: server.port, reads: false)
            flooder.sendLater(Array(flooder.handshakeText().utf8))
            _ = await events.next()
            let ping = TestClient.frame(opcode: 9, [UInt8](repeating: 7, count: 125))
            let pings = Array(repeating: ping, count: 50_000).flatMap { $0 }
            flooder.sendLater(pings)
            let other = try await server.webSocket()
            _ = await events.next()
            try await other.sendText("undisturbed")
            #expect(try await other.text() == "undisturbed")
        }
    }

    @Test func randomFramesNeverHarmTheServer() async throws {
        try await TestServer.run(limits: { $0.closeTime = .milliseconds(20) }) { server in
            var random = SplitMix(seed: 20)
            let healthy = try await server.webSocket()
            for round in 0..<300 {
                let client = try await server.webSocket()
                var bytes: [UInt8] = []
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    if Bool.random(using: &random) {
                        bytes += random.bytes(1...64)
                    } else {
                        bytes += TestClient.frame(
                            fin: Bool.random(using: &random),
                            reserved: UInt8.random(in: 0...15, using: &random) == 0 ? 1 : 0,
                            opcode: UInt8.random(in: 0...15, using: &random),
                            random.bytes(0...200),
                            masked: UInt8.random(in: 0...7, using: &random) != 0
                        )
                    }
                }
                client.sendLater(bytes)
                client.close()
                try await healthy.sendText("round \(round) ")
                #expect(try await healthy.text() == "round \(round) ")
            }
        }
    }
}
