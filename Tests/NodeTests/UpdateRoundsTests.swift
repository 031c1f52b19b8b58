import ControlProtocol
import Testing

@testable import Node

@Suite struct UpdateRoundsTests {
    /// Owns rounds the way a node does, and tells so many clients.
    private actor Owner {
        private final class Record {
            var told: [String] = []
            var clients = 0
        }

        private let clock: ManualClock
        private let record = Record()
        private var timers: Timers?
        private var rounds: UpdateRounds?

        init(clock: ManualClock, clients: Int) {
            self.clock = clock
            record.clients = clients
        }

        var told: [String] { record.told }
        var isPausing: Bool { timers?.isRunning(.updateRound) ?? false }

        private func running() -> UpdateRounds {
            if let rounds { return rounds }
            let timers = Timers(clock: clock) { [weak self] due in await self?.fire(due) }
            let rounds = UpdateRounds(timers: timers) { [record] update, _ in
                record.told.append("\(update.paramId)=\(update.value)")
                return record.clients
            }
            self.timers = timers
            self.rounds = rounds
            return rounds
        }

        func change(_ values: [(String, Int)]) {
            for (name, value) in values {
                let update = ParameterUpdate(instanceId: "m#1", paramId: name, value: "\(value)")
                running().add(update, from: nil)
            }
            running().run()
        }

        func drain() { running().drain() }
        func leave(_ clients: Int) { record.clients = clients }
        private func fire(_ due: Timers.Wake) { timers?.fire(due) }
    }

    private func until(_ condition: () async -> Bool) async {
        while await !condition() {
            await Task.yield()
        }
    }

    @Test func aSmallRoundGoesOutAtOnceEveryTime() async {
        let owner = Owner(clock: ManualClock(), clients: 3)
        await owner.change([("a", 1), ("b", 2)])
        await owner.change([("a", 3)])
        #expect(await owner.told == ["a=1", "b=2", "a=3"])
        #expect(await !owner.isPausing)
    }

    @Test func afterALargeRoundChangesGatherAndTheNewestIsTold() async {
        let clock = ManualClock()
        let owner = Owner(clock: clock, clients: 200)
        await owner.change([("a", 1)])
        await owner.change([("b", 1), ("a", 2)])
        await owner.change([("a", 3)])
        #expect(await owner.told == ["a=1"])
        await clock.sleepers(for: .milliseconds(100))
        clock.advance(by: .milliseconds(100))
        await until { await owner.told.count == 3 }
        #expect(await owner.told == ["a=1", "b=1", "a=3"])
    }

    @Test func aVeryLargeRoundIsSplitAndNoPauseIsLong() async {
        let clock = ManualClock()
        let owner = Owner(clock: clock, clients: 500)
        await owner.change((0..<7).map { ("k\($0)", $0) })
        #expect(await owner.told == ["k0=0"])
        await owner.leave(2)
        await clock.sleepers(for: .milliseconds(250))
        clock.advance(by: .milliseconds(250))
        await until { await owner.told.count == 7 }
        #expect(await owner.told == (0..<7).map { "k\($0)=\($0)" })

        let crowd = Owner(clock: clock, clients: 1_000_000)
        await crowd.change([("a", 1), ("b", 1)])
        await clock.sleepers(for: UpdateRounds.longestPause)
    }

    @Test func nothingIsLeftBehindAnEventThatMustNotComeFirst() async {
        let owner = Owner(clock: ManualClock(), clients: 500)
        await owner.change([("a", 1)])
        await owner.change([("b", 1), ("a", 2)])
        await owner.drain()
        #expect(await owner.told == ["a=1", "b=1", "a=2"])
        await owner.drain()
        #expect(await owner.told.count == 3)
    }
}
