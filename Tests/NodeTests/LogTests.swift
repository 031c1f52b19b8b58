import Logging
import Testing

@testable import Node

@Suite struct LogTests {
    /// Waits for a line: it passes through a stream of its own, so it comes soon but not at once.
    private func line(containing text: String, in client: RecordingClient) async -> RecordingClient.Message {
        while true {
            if let line = client.logLines.first(where: { ($0["message"] ?? "").contains(text) }) {
                return line
            }
            await Task.yield()
        }
    }

    @Test func linesReachEveryClient() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            bed.node.logger.warning("the roof leaks", metadata: ["room": "attic"])
            for client in [alice, bob] {
                let line = await line(containing: "roof", in: client)
                #expect(line["level"] == "WARN")
                #expect(line["source"] == "node")
                #expect(line["message"] == "the roof leaks room=attic")
                #expect(line["timestamp"] == 1_700_000_000_000)
                #expect(line.priority == .meter)
            }
        }
    }

    @Test func whoComesLateGetsTheKeptLinesAfterTheStatus() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            for number in 0..<2100 {
                bed.node.logger.info("line \(number).")
            }
            _ = await line(containing: "line 2099.", in: alice)
            let bob = RecordingClient("bob")
            await bed.node.connect(bob)
            #expect(bob.logLines.count == 2000)
            #expect(bob.logLines.first?["message"] == "line 100.")
            #expect(bob.logLines.last?["message"] == "line 2099.")
            #expect(bob.messages.first?.type == "dsp_status")
        }
    }

    @Test func debugLinesStayAtHome() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            bed.node.logger.debug("whisper")
            bed.node.logger.info("speech")
            _ = await line(containing: "speech", in: client)
            #expect(!client.logLines.contains { $0["message"] == "whisper" })
        }
    }

    @Test func aRingKeepsTheLastInOrder() {
        var ring = LogRing<Int>(capacity: 3)
        #expect(ring.elements == [])
        ring.append(1)
        ring.append(2)
        #expect(ring.elements == [1, 2])
        for number in 3...7 {
            ring.append(number)
        }
        #expect(ring.elements == [5, 6, 7])
    }
}
