import NIOCore
import Node
import Testing

@testable import ControlServer

struct OutboundQueueTests {
    private var queue = OutboundQueue(acknowledgementLimit: 100, meterLimit: 6)

    private func drained(_ queue: inout OutboundQueue) -> [OutboundQueue.Item] {
        var items: [OutboundQueue.Item] = []
        while true {
            let batch = queue.nextBatch()
            guard !batch.isEmpty else { return items }
            items += batch
        }
    }

    @Test mutating func keepsTheOrderOfTexts() {
        queue.append("a", priority: .acknowledgement)
        queue.append("m", priority: .meter)
        queue.append("b", priority: .acknowledgement)
        #expect(drained(&queue) == [.text("a"), .text("m"), .text("b")])
        #expect(!queue.isFinished)
    }

    @Test mutating func keepsTheNewestMetersAndEveryAcknowledgement() {
        for number in 0..<10 {
            queue.append("m\(number)", priority: .meter)
            queue.append("a\(number)", priority: .acknowledgement)
        }
        let texts = drained(&queue)
        #expect(queue.droppedMeters == 7)
        #expect(
            texts
                == (0..<7).map { .text("a\($0)") } + (7..<10).flatMap { [.text("m\($0)"), .text("a\($0)")] }
        )
    }

    @Test mutating func endsWith1013WhenAcknowledgementsPileUp() {
        queue.append(String(repeating: "a", count: 60), priority: .acknowledgement)
        #expect(!queue.isFinished)
        queue.append(String(repeating: "b", count: 41), priority: .acknowledgement)
        #expect(queue.isFinished)
        #expect(drained(&queue) == [.close(.slowReader)])
        #expect(queue.isClosed)
        #expect(CloseReason.slowReader.code == 1013)
    }

    @Test mutating func countsOnlyWhatStillWaits() {
        for _ in 0..<100 {
            queue.append(String(repeating: "a", count: 60), priority: .acknowledgement)
            #expect(drained(&queue).count == 1)
        }
        #expect(queue.acknowledgementBytes == 0)
        #expect(!queue.isFinished)
    }

    @Test mutating func takesOneAnswerLongerThanTheLimit() {
        queue.append(String(repeating: "a", count: 1000), priority: .acknowledgement)
        #expect(!queue.isFinished)
    }

    @Test mutating func metersNeverEndIt() {
        for number in 0..<10_000 {
            queue.append("\(number % 10)", priority: .meter)
        }
        #expect(!queue.isFinished)
        #expect(drained(&queue) == (4..<10).map { .text("\($0)") })
        #expect(queue.meterBytes == 0)
    }

    @Test mutating func aMeterLongerThanTheLimitReplacesAllOthers() {
        queue.append("a", priority: .meter)
        queue.append("long meter", priority: .meter)
        #expect(drained(&queue) == [.text("long meter")])
    }

    @Test mutating func soundGivesWayInWholePieces() {
        for number in 0..<10 as Range<UInt8> {
            queue.append(ByteBuffer(repeating: number, count: 3))
            #expect(queue.meterBytes <= 6)
        }
        #expect(queue.droppedMeters == 8)
        #expect(drained(&queue) == [8, 9].map { .sound(ByteBuffer(repeating: $0, count: 3)) })
    }

    @Test mutating func answersOnlyTheNewestOfManyPings() {
        for number in 0..<1000 {
            queue.appendPong(ByteBuffer(integer: number))
        }
        #expect(drained(&queue) == [.pong(ByteBuffer(integer: 999))])
    }

    @Test mutating func controlFramesOvertakeTexts() {
        queue.append("a", priority: .acknowledgement)
        queue.appendPong(ByteBuffer(string: "p"))
        queue.appendPing()
        queue.appendPing()
        #expect(drained(&queue) == [.ping, .pong(ByteBuffer(string: "p")), .text("a")])
    }

    @Test mutating func aShutdownLetsAcknowledgementsOutBeforeTheCloseFrame() {
        queue.append("m", priority: .meter)
        queue.append("a", priority: .acknowledgement)
        queue.finish(.shutdown, discardingRest: false)
        queue.append("late", priority: .acknowledgement)
        queue.appendPing()
        queue.finish(.normal, discardingRest: true)
        #expect(drained(&queue) == [.text("a"), .close(.shutdown)])
        #expect(drained(&queue).isEmpty)
    }

    @Test mutating func anAbandonedQueueWritesNothingMore() {
        queue.append("a", priority: .acknowledgement)
        queue.finish(.shutdown, discardingRest: false)
        queue.abandon()
        #expect(drained(&queue).isEmpty)
        #expect(queue.isClosed)
    }

    @Test mutating func handsOutLongBacklogsInPieces() {
        var queue = OutboundQueue(acknowledgementLimit: 1 << 20, meterLimit: 6)
        for _ in 0..<20 {
            queue.append(String(repeating: "a", count: 20_000), priority: .acknowledgement)
        }
        #expect(queue.nextBatch().count == 4)
        #expect(drained(&queue).count == 16)
    }
}
