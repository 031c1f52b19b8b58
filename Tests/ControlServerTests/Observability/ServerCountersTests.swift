import NIOCore
import Node
import Testing

@testable import ControlServer

struct ServerCountersTests {
    @Test func answersAreCountedByClassAndOthersNotAtAll() {
        let counters = ServerCounters()
        for status in [200, 204, 404, 503, 99, 700, 0] {
            counters.answered(status: status)
        }
        #expect(counters.snapshot().answers.map(\.count) == [0, 2, 0, 1, 1])
    }

    @Test func queuesAreLookedAtWhileTheirClientsAreListed() {
        var limits = ServerLimits()
        limits.meterBytes = 10
        let counters = ServerCounters()
        let slow = WebSocketClient(id: ClientID("a"), name: nil, peer: "test", limits: limits)
        let quick = WebSocketClient(id: ClientID("b"), name: nil, peer: "test", limits: limits)
        counters.add(slow)
        counters.add(quick)
        slow.send("12345", priority: .acknowledgement)
        slow.send("123456789", priority: .meter)
        slow.send("1234567", priority: .meter)
        quick.send("123", priority: .acknowledgement)
        let snapshot = counters.snapshot()
        #expect(snapshot.waitingBytes == 15)
        #expect(snapshot.longestQueueBytes == 12)
        #expect(snapshot.droppedMeters == 1)
        #expect(snapshot.webSockets == 2)
        counters.remove(slow)
        counters.remove(slow)
        #expect(counters.snapshot().droppedMeters == 1)
        #expect(counters.snapshot().waitingBytes == 3)
    }

    @Test func whatListenersMissIsNoMeter() {
        var limits = ServerLimits()
        limits.soundBytes = 10
        let counters = ServerCounters()
        let listener = WebSocketClient(
            id: ClientID("a"), name: nil, peer: "test", path: .listening, limits: limits)
        counters.add(listener)
        listener.send(ByteBuffer(repeating: 0, count: 8))
        listener.send(ByteBuffer(repeating: 0, count: 8))
        for _ in 0..<2 {
            let snapshot = counters.snapshot()
            #expect(snapshot.droppedSound == 1)
            #expect(snapshot.droppedMeters == 0)
            counters.remove(listener)
        }
        #expect(counters.snapshot().listeners == 0)
    }
}
