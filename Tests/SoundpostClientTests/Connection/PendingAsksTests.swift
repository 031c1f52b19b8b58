import ControlProtocol
import Testing

@testable import SoundpostClient

@Suite struct PendingAsksTests {
    @Test func answerFindsItsAskOnce() {
        var asks = PendingAsks<String>()
        let first = asks.next()
        let second = asks.next()
        asks.add("first", id: first)
        asks.add("second", id: second)
        #expect(asks.take(.number(second)) == "second")
        #expect(asks.take(.number(second)) == nil)
        #expect(asks.take(.number(first)) == "first")
        #expect(asks.count == 0)
    }

    @Test func foreignIdsMatchNothing() {
        var asks = PendingAsks<String>()
        asks.add("ask", id: asks.next())
        #expect(asks.take(nil) == nil)
        #expect(asks.take(.string("1")) == nil)
        #expect(asks.take(.number(7)) == nil)
        #expect(asks.count == 1)
    }

    @Test func allComeInTheOrderOfAsking() {
        var asks = PendingAsks<Int64>()
        for _ in 0..<50 {
            let id = asks.next()
            asks.add(id, id: id)
        }
        #expect(asks.takeAll() == Array(1...50))
        #expect(asks.count == 0)
        #expect(asks.next() == 51)
    }
}
