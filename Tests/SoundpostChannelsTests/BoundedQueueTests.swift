import Synchronization
import Testing

@testable import SoundpostChannels

@Suite struct BoundedQueueTests {
    @Test(arguments: [1, 2, 3, 7, 8, 10_000])
    func holdsAsManyAsItsCapacityInTheirOrder(_ capacity: Int) {
        let queue = BoundedQueue<Int>(capacity: capacity)
        for round in 0..<3 {
            for number in 0..<capacity { #expect(queue.add(round + number)) }
            #expect(!queue.add(-1))
            #expect(queue.count == capacity)
            for number in 0..<capacity { #expect(queue.take() == round + number) }
            #expect(queue.take() == nil)
            #expect(queue.count == 0)
        }
    }

    @Test func aClosedQueueTakesNothingMoreAndGivesWhatItHas() {
        let queue = BoundedQueue<Int>(capacity: 4)
        #expect(queue.add(1) && queue.add(2))
        #expect(!queue.isClosed && !queue.isAtEnd)
        queue.close()
        queue.close()
        #expect(queue.isClosed && !queue.isAtEnd)
        #expect(queue.count == 2)
        #expect(!queue.add(3))
        #expect(queue.take() == 1)
        #expect(!queue.isAtEnd)
        #expect(queue.take() == 2)
        #expect(queue.take() == nil)
        #expect(queue.isAtEnd)
        #expect(queue.count == 0)
    }

    /// Elements that nobody takes are let go of with the queue.
    @Test func whatIsLeftIsLetGo() {
        final class Element: Sendable {}
        weak var last: Element?
        do {
            let queue = BoundedQueue<Element>(capacity: 3)
            let element = Element()
            last = element
            #expect(queue.add(element))
            #expect(last != nil)
        }
        #expect(last == nil)
    }

    /// Nothing is lost or doubled, and the order of each producer is kept.
    @Test(arguments: [(1, 1), (4, 1), (1, 4), (3, 3)], [1, 5, 64])
    func manyThreadsShareIt(_ threads: (producers: Int, consumers: Int), _ capacity: Int) async throws {
        let queue = BoundedQueue<(producer: Int, number: Int)>(capacity: capacity)
        let each = 4000
        let room = Doorbell()
        let arrival = Doorbell()
        let producing = Counters(threads.producers)
        let taken = try await withThrowingTaskGroup(of: [(producer: Int, number: Int)].self) { group in
            for producer in 0..<threads.producers {
                group.addTask {
                    try await onThread {
                        for number in 0..<each {
                            _ = room.wait(.never) { queue.add((producer, number)) ? true : nil }
                            arrival.ring()
                        }
                        if producing.subtract() == 0 {
                            queue.close()
                            arrival.ring()
                        }
                        return []
                    }
                }
            }
            for _ in 0..<threads.consumers {
                group.addTask {
                    try await onThread {
                        var taken: [(producer: Int, number: Int)] = []
                        while true {
                            let next: (producer: Int, number: Int)?? = arrival.wait(.never) {
                                if let element = queue.take() { return .some(element) }
                                return queue.isAtEnd ? .some(nil) : nil
                            }
                            guard case .some(.some(let element)) = next else { return taken }
                            taken.append(element)
                            room.ring()
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for consumer in taken {
            for producer in 0..<threads.producers {
                let numbers = consumer.filter { $0.producer == producer }.map(\.number)
                let isSorted = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
                #expect(isSorted, "the order of producer \(producer) is lost")
            }
        }
        let all = taken.joined().map { $0.producer * each + $0.number }.sorted()
        let isComplete = all == Array(0..<threads.producers * each)
        #expect(isComplete, "\(all.count) elements came")
    }
}

/// A number that threads share.
private final class Counters: Sendable {
    private let number: Atomic<Int>

    init(_ number: Int) {
        self.number = Atomic(number)
    }

    var value: Int { number.load(ordering: .acquiring) }

    func subtract() -> Int { number.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue }
}
