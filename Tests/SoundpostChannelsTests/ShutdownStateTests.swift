import Synchronization
import Testing

@testable import SoundpostChannels

@Suite struct ShutdownStateTests {
    @Test func nothingBeginsAfterTheShutdown() {
        let state = ShutdownState()
        #expect(state.begin())
        #expect(state.operations == 1)
        state.shutdown()
        #expect(state.isShutdown)
        #expect(!state.begin())
        #expect(state.operations == 1)
        #expect(!state.waitForDrain(timeout: .zero))
        #expect(!state.waitForDrain(timeout: .milliseconds(1)))
        state.end()
        #expect(state.waitForDrain(timeout: .zero))
        #expect(state.waitForDrain())
    }

    @Test func actionsRunOnceInTheirOrderAndAtOnceWhenItIsTooLate() {
        let state = ShutdownState()
        let log = Mutex<[Int]>([])
        for number in 0..<5 {
            let key = state.onShutdown { log.withLock { $0.append(number) } }
            if number == 2 { state.forget(key) }
        }
        state.shutdown()
        state.shutdown()
        #expect(log.withLock { $0 } == [0, 1, 3, 4])
        #expect(state.onShutdown { log.withLock { $0.append(9) } } == nil)
        #expect(log.withLock { $0 } == [0, 1, 3, 4, 9])
        state.forget(nil)
    }

    /// Who waits is woken by the last operation, whether a shutdown has begun or not.
    @Test(arguments: [true, false])
    func theLastOperationWakesWhoWaits(_ isShutdown: Bool) async throws {
        for _ in 0..<200 {
            let state = ShutdownState()
            for _ in 0..<4 { #expect(state.begin()) }
            if isShutdown { state.shutdown() }
            async let drained = onThread { state.waitForDrain() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await onThread { state.end() } } }
                try await group.waitForAll()
            }
            #expect(try await drained)
        }
    }

    @Test func noGuardIsTakenOnceItHasBegun() async throws {
        let state = ShutdownState()
        let held = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        var held = 0
                        while state.begin() {
                            held += 1
                            if held == 1000 { state.shutdown() }
                        }
                        return held
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(state.operations == held)
        for _ in 0..<held { state.end() }
        #expect(try await onThread { state.waitForDrain() })
    }
}
