import Foundation
import Node
import ServiceLifecycle
import Testing

@testable import ControlServer

/// The server in front of a real node.
struct NodeOverSocketsTests {
    private func run(plays: Bool = false, _ body: (TestClient) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "soundpost-server-\(UUID().uuidString)")
        let node = Node(
            configuration: NodeConfiguration(dataDirectory: directory, startSimulation: plays),
            logger: TestServer.logger
        )
        try await node.start()
        let server = ControlServer(
            node: node,
            configuration: try ControlServerConfiguration(port: 0, limits: TestServer.patientLimits),
            logger: TestServer.logger
        )
        let group = ServiceGroup(services: [server], logger: TestServer.logger)
        async let ended: Void = group.run()
        let client = try await TestClient(port: try await server.boundAddress.port)
        let outcome: Result<Void, any Error>
        do {
            try await body(client)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        client.close()
        await group.triggerGracefulShutdown()
        try await ended
        await node.stop()
        try FileManager.default.removeItem(at: directory)
        try outcome.get()
    }

    /// The next message of a type.
    private func next(_ type: String, from client: TestClient) async throws -> String {
        while true {
            let text = try await client.text()
            if text.contains(#""type":"\#(type)""#) { return text }
        }
    }

    @Test func greetsAndAnswersAClient() async throws {
        try await run { client in
            #expect(try await client.handshake().status == 101)
            #expect(try await next("dsp_status", from: client).contains(#""simRunning":false"#))
            try await client.sendText(#"{"type":"ping","requestId":"first"}"#)
            #expect(try await next("pong", from: client).contains(#""requestId":"first""#))
        }
    }

    @Test func answersWhatIsNoMessageWithAnErrorAndGoesOn() async throws {
        try await run { client in
            #expect(try await client.handshake().status == 101)
            let texts = [
                "", "nonsense", "[]", "{}", #"{"type":7}"#, #"{"type":"no such type"}"#,
                String(repeating: "[", count: 50_000),
            ]
            for text in texts {
                try await client.sendText(text)
                #expect(try await next("error", from: client).contains(#""code":"#))
            }
            try await client.sendText(#"{"type":"ping"}"#)
            _ = try await next("pong", from: client)
        }
    }

    @Test func playsToAListener() async throws {
        try await run(plays: true) { client in
            #expect(try await client.handshake(path: "/ws/audio").status == 101)
            var frames = 0
            for number in 0..<5 as Range<UInt8> {
                let message = try #require(try await client.frame())
                #expect(message.opcode == 2)
                #expect(message.payload.prefix(10) == [number, 0, 0, 0, 0x80, 0xBB, 0, 0, 2, 0])
                let count = message.payload.count - SoundMessages.headerBytes
                #expect(count > 0 && count.isMultiple(of: 8))
                frames += count / 8
            }
            #expect(frames > 960)
        }
    }

    @Test func metricsCountWhatGoesThroughItsChannels() async throws {
        try await run { client in
            #expect(try await client.handshake().status == 101)
            try await client.sendText(#"{"type":"open_tap","instanceId":"$io"}"#)
            let opened = try JSONDecoder().decode(
                [String: String].self, from: Data(try await next("tap_opened", from: client).utf8))
            let tap = try #require(opened["tap"])
            let reader = try await TestClient(port: client.port)
            defer { reader.close() }
            try await reader.send(reader.requestText("GET /metrics", ["Host: localhost:\(client.port)"]))
            let lines = Set(try await reader.response().body.split(separator: "\n").map(String.init))
            let labels = #"{channel="\#(tap)",kind="shared_memory"}"#
            for name in [
                "sent_messages_total", "received_messages_total", "sent_bytes_total", "received_bytes_total",
                "errors_total", "dropped_messages_total", "queue_messages", "queue_peak_messages",
            ] {
                #expect(lines.contains("soundpost_channel_\(name)\(labels) 0"))
            }
            #expect(lines.contains { $0.hasPrefix("soundpost_channel_uptime_seconds\(labels) ") })
        }
    }

    @Test func readsStatusAndChainOverHTTP() async throws {
        try await run { client in
            let fields = ["Host: localhost:\(client.port)"]
            try await client.send(client.requestText("GET /api/status", fields))
            let status = try await client.response()
            #expect(status.status == 200)
            #expect(status.body.contains(#""status":"ok""#))
            try await client.send(client.requestText("GET /api/link", fields))
            let link = try await client.response()
            #expect(link.status == 200)
            #expect(link.body.contains(#""chains""#))
        }
    }
}
