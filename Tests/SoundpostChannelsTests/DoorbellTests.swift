import Synchronization
import Testing

@testable import SoundpostChannels

@Suite struct DoorbellTests {
    /// Two threads that wake each other by turns: one lost ring, and they sleep for ever.
    @Test func noRingIsLost() async throws {
        let bell = Doorbell()
        let turn = Turn()
        let rounds = 20_000
        @Sendable func play(_ mine: Int) {
            for round in 0..<rounds {
                _ = bell.wait(.never) { turn.value == 2 * round + mine ? true : nil }
                turn.advance()
                bell.ring()
            }
        }
        async let other: Void = onThread { play(1) }
        try await onThread { play(0) }
        try await other
        #expect(turn.value == 2 * rounds)
    }

    @Test func allWhoWaitAreWoken() async throws {
        let bell = Doorbell()
        let turn = Turn()
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            for _ in 0..<8 {
                group.addTask { try await onThread { bell.wait(.never) { turn.value > 0 ? true : nil } } }
            }
            turn.advance()
            bell.ring()
            for try await woken in group { #expect(woken == true) }
        }
    }

    @Test func aDeadlineEndsTheWait() {
        let bell = Doorbell()
        let nothing: () -> Int? = { nil }
        #expect(bell.wait(.now, for: nothing) == nil)
        #expect(bell.wait(Deadline(after: .milliseconds(1)), for: nothing) == nil)
        #expect(bell.wait(.now) { 3 } == 3)
    }

    @Test func deadlinesOfAnyLengthAreDeadlines() {
        #expect(Deadline(after: nil).remaining == nil)
        #expect(Deadline(after: .seconds(Int64.max)).remaining == nil)
        for past in [Duration.zero, .seconds(-1), .nanoseconds(-1), .seconds(Int64.min), .seconds(-10_000_000_000)] {
            #expect(Deadline(after: past).hasPassed)
            #expect(Deadline(after: past).milliseconds == 0)
        }
        let century = Deadline(after: .seconds(3_155_759_999))
        #expect(!century.hasPassed)
        #expect(century.milliseconds == Int32.max)
        #expect(Deadline.never.milliseconds == -1)
    }
}

private final class Turn: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .acquiring) }

    func advance() {
        number.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }
}
