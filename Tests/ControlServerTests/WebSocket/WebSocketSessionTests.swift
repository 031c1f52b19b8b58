import Testing

@testable import ControlServer

struct WebSocketSessionTests {
    @Test func answersTheMessagesOfAClientInOrder() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            client.sendLater((0..<2000).flatMap { TestClient.frame(opcode: 1, Array("message \($0) ".utf8)) })
            for number in 0..<2000 {
                #expect(try await client.text() == "message \(number) ")
            }
        }
    }

    @Test func servesClientsSideBySide() async throws {
        try await TestServer.run { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let client = try await server.webSocket()
                        for round in 0..<50 {
                            try await client.sendText("client \(number) round \(round)")
                            #expect(try await client.text() == "client \(number) round \(round)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func tellsTheNodeWhenAClientComesAndGoes() async throws {
        try await TestServer.run { server in
            var events = server.backend.events.makeAsyncIterator()
            let polite = try await server.webSocket()
            let first = try #require(await events.next())
            let rude = try await server.webSocket()
            let second = try #require(await events.next())
            guard case .connected(let politeID) = first, case .connected(let rudeID) = second else {
                Issue.record("\(first), \(second)")
                return
            }
            #expect(politeID != rudeID)
            try await polite.send(TestClient.frame(opcode: 8, [0x03, 0xE8]))
            #expect(try await polite.closeCode() == 1000)
            #expect(await events.next() == .disconnected(politeID))
            rude.close()
            #expect(await events.next() == .disconnected(rudeID))
        }
    }

    @Test func answersWhatWasAskedBeforeTheCloseFrame() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            let questions = (0..<100).flatMap { TestClient.frame(opcode: 1, Array("m\($0)".utf8)) }
            client.sendLater(questions + TestClient.frame(opcode: 8, [0x0F, 0xA0]))
            for number in 0..<100 {
                #expect(try await client.text() == "m\(number)")
            }
            #expect(try await client.closeCode() == 4000)
        }
    }

    @Test func answersPingsWithTheirPayloadAlsoBetweenFragments() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            try await client.send(
                TestClient.frame(fin: false, opcode: 1, Array("to".utf8)) + TestClient.frame(opcode: 9, [1, 2, 3])
                    + TestClient.frame(opcode: 10, []) + TestClient.frame(opcode: 0, Array("gether".utf8))
            )
            #expect(try await client.frame() == .init(fin: true, opcode: 10, payload: [1, 2, 3]))
            #expect(try await client.text() == "together")
        }
    }

    @Test func takesAMessageOfExactlyTheLimitAndAnswersItWhole() async throws {
        try await TestServer.run { server in
            let client = try await server.webSocket()
            let message = String(repeating: "ä", count: 1 << 19)
            try await client.sendText(message)
            #expect(try await client.text() == message)
        }
    }

    @Test func pingsAnIdleClientAndClosesOneThatStaysSilent() async throws {
        try await TestServer.run(limits: { $0.pingInterval = .milliseconds(300) }) { server in
            let client = try await server.webSocket()
            // Pings that have not left when the next is due are one.
            #expect(try await client.frame()?.opcode == 9)
            #expect(try await client.closeCode() == 1011)
        }
    }

    @Test func slowsAFloodDownSaysSoAndLosesNothing() async throws {
        try await TestServer.run(limits: { ($0.messagesPerSecond, $0.messageBurst) = (10, 1) }) { server in
            let client = try await server.webSocket()
            client.sendLater((0..<12).flatMap { TestClient.frame(opcode: 1, Array("m\($0)".utf8)) })
            var answers: [String] = []
            var notices = 0
            while answers.count < 12 {
                let text = try await client.text()
                if text.contains(#""code":"rate_limited""#) {
                    notices += 1
                } else {
                    answers.append(text)
                }
            }
            #expect(answers == (0..<12).map { "m\($0)" })
            #expect(notices >= 1)
        }
    }

    @Test func closesWith1001OnShutdownAfterTheAnswersThatWait() async throws {
        try await TestServer.run { server in
            let idle = try await server.webSocket()
            let busy = try await server.webSocket()
            try await busy.sendText("big 500000")
            #expect(try await busy.text().count == 500_000)
            await server.shutDown()
            #expect(try await idle.closeCode() == 1001)
            #expect(try await busy.closeCode() == 1001)
        }
    }

    @Test func aClientThatReadsNothingIsClosedAndDisturbsNobody() async throws {
        try await TestServer.run(limits: {
            $0.acknowledgementBytes = 200_000
            $0.closeTime = .milliseconds(50)
        }) { server in
            var events = server.backend.events.makeAsyncIterator()
            let stuck = try await TestClient(port: server.port, reads: false)
            stuck.sendLater(Array(stuck.handshakeText().utf8))
            let connected = try #require(await events.next())
            let other = try await server.webSocket()
            _ = await events.next()
            // 64 answers of 1 MB are more than the kernel's socket buffers take.
            stuck.sendLater((0..<64).flatMap { _ in TestClient.frame(opcode: 1, Array("big 1000000".utf8)) })
            guard case .connected(let id) = connected else {
                Issue.record("\(connected)")
                return
            }
            #expect(await events.next() == .disconnected(id))
            try await other.sendText("undisturbed")
            #expect(try await other.text() == "undisturbed")
        }
    }

    @Test func dropsOldMetersForASlowClientAndKeepsTheNewest() async throws {
        try await TestServer.run(limits: { $0.meterBytes = 1000 }) { server in
            let client = try await server.webSocket()
            try await client.sendText("meters 100000")
            try await client.sendText("done")
            var meters: [Int] = []
            while case let text = try await client.text(), text != "done" {
                meters.append(try #require(Int(text.dropFirst("meter ".count))))
            }
            #expect(meters.last == 99_999)
            #expect(meters == meters.sorted())
            #expect(meters.count < 100_000)
        }
    }
}
