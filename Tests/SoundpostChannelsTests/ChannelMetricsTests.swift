import Testing
import WireFormats

@testable import SoundpostChannels

@Suite struct ChannelMetricsTests {
    @Test func aNewChannelHasCountedNothing() throws {
        let metrics = try Channel.thread("fresh").metrics
        #expect(metrics.name == "fresh" && metrics.kind == .thread)
        #expect(metrics.messagesSent == 0 && metrics.messagesReceived == 0 && metrics.errors == 0)
        #expect(metrics.queueLength == 0 && metrics.peakQueueLength == 0 && metrics.dropped == 0)
        #expect(metrics.latency == nil)
        #expect(metrics.uptime >= .zero)
    }

    @Test func messagesBytesAndErrorsAreCountedAtBothEnds() async throws {
        let pair = try ChannelPair(.localSocket)
        let message = Message(.data, data: "text")
        let size = try message.encoded().count
        for _ in 0..<10 { try pair.client.send(message) }
        try pair.client.send(encoded: Array("?".utf8))
        try await onThread { () throws in
            for _ in 0..<10 { _ = try pair.server.receive() }
            #expect(throws: ChannelError.self) { try pair.server.receive() }
        }
        #expect(throws: ChannelError.self) { try pair.client.sendJSON(.number(.nan)) }
        let (sent, received) = (pair.client.metrics, pair.server.metrics)
        #expect(sent.messagesSent == 11 && received.messagesReceived == 11)
        // Without the ends of lines, as on every other kind.
        #expect(sent.bytesSent == 10 * size + 1)
        #expect(received.bytesReceived == 10 * size + 1)
        #expect(sent.errors == 1 && received.errors == 1)
        #expect(sent.bytesReceived == 0 && received.bytesSent == 0)
    }

    @Test func theQueueAndItsPeakAreCounted() async throws {
        let pair = try ChannelPair(.sharedMemory)
        for _ in 0..<7 { try pair.client.sendJSON(1) }
        // Reads what lies before the answer.
        try pair.client.send(Message(.response, id: "#1"))
        let answer = try await onThread { try pair.server.request("m", timeout: .seconds(60)) }
        #expect(answer == .null)
        #expect(pair.server.metrics.queueLength == 7)
        #expect(pair.server.metrics.peakQueueLength == 7)
        for _ in 0..<7 { _ = try pair.server.tryReceive() }
        #expect(pair.server.metrics.queueLength == 0)
        #expect(pair.server.metrics.peakQueueLength == 7)
        let latency = try #require(pair.server.metrics.latency)
        #expect(latency.requests == 1)
        #expect(latency.p50Microseconds <= latency.p999Microseconds)
        #expect(latency.p999Microseconds <= latency.maxMicroseconds)
    }

    /// What comes for others all the time does not put off who waits for an answer.
    @Test(arguments: ChannelPair.Kind.allCases)
    func aFloodDoesNotPutATimeoutOff(_ kind: ChannelPair.Kind) async throws {
        let pair = try ChannelPair(kind)
        let flag = Flag()
        async let flood: Void = onThread {
            while !flag.isSet, (try? pair.client.emit("level")) != nil {}
        }
        try await onThread { () throws in
            let error = #expect(throws: ChannelError.self) {
                try pair.server.request("never", timeout: .milliseconds(20))
            }
            #expect(error?.code == .timeout)
        }
        flag.set()
        pair.server.close()
        try await flood
    }

    /// Without a shutdown, and whatever the policy.
    @Test(arguments: ChannelPair.Kind.allCases, BackPressure.allCases)
    func drainEndsWhenEverythingWasHandedOver(_ kind: ChannelPair.Kind, _ policy: BackPressure) async throws {
        for _ in 0..<20 {
            let pair = try ChannelPair(kind, ChannelOptions(backPressure: policy))
            async let drained: Void = onThread { () throws in
                for number in 0..<50 { try pair.client.sendJSON(.integer(Int64(number))) }
                try pair.client.waitForDrain()
            }
            try await onThread { () throws in
                for number in 0..<50 { #expect(try pair.server.receive().data == .integer(Int64(number))) }
            }
            try await drained
        }
    }

    @Test(arguments: ChannelPair.Kind.allCases)
    func aTaskWhoseTimeIsOverBeforeItAsksIsToldSo(_ kind: ChannelPair.Kind) async throws {
        let pair = try ChannelPair(kind)
        for timeout in [Duration.zero, .nanoseconds(1), .microseconds(50), .seconds(-1)] {
            let error = await #expect(throws: ChannelError.self) {
                try await pair.client.ask("never", timeout: timeout)
            }
            #expect(error?.code == .timeout)
        }
        pair.client.close()
    }
}
