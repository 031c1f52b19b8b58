import ServiceLifecycle
import Testing

@testable import ControlServer

struct ControlServerTests {
    @Test func saysWhichPortTheSystemChose() async throws {
        try await TestServer.run { server in
            #expect((1...65535).contains(server.port))
        }
    }

    @Test func namesTheAddressWhenAnotherProgramHasIt() async throws {
        try await TestServer.run { server in
            let second = ControlServer(
                backend: ScriptedBackend(),
                configuration: try ControlServerConfiguration(port: server.port),
                logger: TestServer.logger
            )
            let thrown = await #expect(throws: ControlServerError.self) { try await second.run() }
            #expect(thrown?.code == .addressInUse)
            #expect(thrown?.message.contains("127.0.0.1:\(server.port)") == true)
            let reported = await #expect(throws: ControlServerError.self) { try await second.boundAddress }
            #expect(reported?.code == .addressInUse)
        }
    }

    @Test func aPortIsFreeAgainAfterShutdown() async throws {
        var port = 0
        try await TestServer.run { server in
            port = server.port
            _ = try await server.webSocket()
        }
        let again = ControlServer(
            backend: ScriptedBackend(),
            configuration: try ControlServerConfiguration(port: port),
            logger: TestServer.logger
        )
        let group = ServiceGroup(services: [again], logger: TestServer.logger)
        async let ended: Void = group.run()
        #expect(try await again.boundAddress.port == port)
        await group.triggerGracefulShutdown()
        try await ended
    }

    @Test func shutsDownAlthoughAClientNeverAnswersTheCloseFrame() async throws {
        try await TestServer.run(limits: { $0.closeTime = .milliseconds(50) }) { server in
            let client = try await TestClient(port: server.port, reads: false)
            client.sendLater(Array(client.handshakeText().utf8))
            var events = server.backend.events.makeAsyncIterator()
            _ = await events.next()
            await server.shutDown()
            guard case .disconnected = await events.next() else {
                Issue.record("the client is still connected")
                return
            }
        }
    }

    @Test func shutsDownAlthoughTheNodeNeverAnswers() async throws {
        let backend = ScriptedBackend(isStuck: true)
        try await TestServer.run(backend: backend, limits: { $0.shutdownTime = .milliseconds(50) }) { server in
            let client = try await server.webSocket()
            try await client.sendText("anybody there?")
            await server.shutDown()
            await client.end()
        }
    }

    @Test func endsWhenItIsCancelled() async throws {
        let server = ControlServer(
            backend: ScriptedBackend(),
            configuration: try ControlServerConfiguration(port: 0),
            logger: TestServer.logger
        )
        let running = Task { try await server.run() }
        let port = try await server.boundAddress.port
        let client = try await TestClient(port: port)
        _ = try await client.handshake()
        running.cancel()
        await client.end()
        _ = await running.result
    }
}
