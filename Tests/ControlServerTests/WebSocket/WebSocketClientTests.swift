import Node
import Synchronization
import Testing

@testable import ControlServer

struct WebSocketClientTests {
    private func client() -> WebSocketClient {
        WebSocketClient(id: ClientID("a"), name: nil, peer: "test", limits: ServerLimits())
    }

    private func texts(_ items: [OutboundQueue.Item]) -> [String] {
        items.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    @Test func theWriterIsWokenOnceUntilItHasFoundNothing() {
        let client = client()
        let wakes = Atomic(0)
        client.send("early", priority: .acknowledgement)
        client.onWork { wakes.add(1, ordering: .relaxed) }
        #expect(wakes.load(ordering: .relaxed) == 1)
        client.send("second", priority: .acknowledgement)
        #expect(wakes.load(ordering: .relaxed) == 1)
        #expect(texts(client.nextBatch().items) == ["early", "second"])
        client.send("third", priority: .acknowledgement)
        #expect(wakes.load(ordering: .relaxed) == 1)
        #expect(texts(client.nextBatch().items) == ["third"])
        #expect(client.nextBatch().items.isEmpty)
        client.send("fourth", priority: .acknowledgement)
        #expect(wakes.load(ordering: .relaxed) == 2)
    }

    @Test func theCloseFrameIsTheLast() {
        let client = client()
        client.onWork {}
        client.send("answer", priority: .acknowledgement)
        client.finish(.shutdown)
        let (items, isLast) = client.nextBatch()
        #expect(items == [.text("answer"), .close(.shutdown)])
        #expect(isLast)
    }

    /// Writers on several threads against one that sleeps until it is woken: a lost wake-up would leave texts behind.
    @Test func noTextIsLeftBehindWhateverTheThreadsDo() async {
        let client = client()
        let (wakes, signal) = AsyncStream.makeStream(of: Void.self)
        client.onWork { signal.yield() }
        async let written = {
            var count = 0
            for await _ in wakes {
                while true {
                    let items = client.nextBatch().items
                    if items.isEmpty { break }
                    count += items.count
                }
                if count == 4000 { break }
            }
            return count
        }()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for number in 0..<1000 { client.send("\(number)", priority: .acknowledgement) }
                }
            }
        }
        #expect(await written == 4000)
    }
}
