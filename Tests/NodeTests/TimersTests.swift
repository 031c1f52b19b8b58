import Testing

@testable import Node

@Suite struct TimersTests {
    /// What has happened, as an action of a timer can change it.
    private final class Record {
        var names: [String] = []
    }

    /// Owns timers the way a node does.
    private actor Owner {
        private let clock: ManualClock
        private var timers: Timers?
        private let record = Record()

        init(clock: ManualClock) {
            self.clock = clock
        }

        var fired: [String] { record.names }

        private func running() -> Timers {
            if let timers { return timers }
            let made = Timers(clock: clock) { [weak self] due in await self?.fire(due) }
            timers = made
            return made
        }

        func after(_ delay: Duration, _ id: TimerID, _ name: String) {
            running().after(delay, id) { [record] in record.names.append(name) }
        }

        func every(_ interval: Duration, _ id: TimerID, _ name: String) {
            running().every(interval, id) { [record] in record.names.append(name) }
        }

        func cancel(_ id: TimerID) { running().cancel(id) }
        func isRunning(_ id: TimerID) -> Bool { running().isRunning(id) }
        func fire(_ due: Timers.Wake) { running().fire(due) }
    }

    private func until(_ condition: () async -> Bool) async {
        while await !condition() {
            await Task.yield()
        }
    }

    @Test func aSingleTimerFiresOnce() async {
        let clock = ManualClock()
        let owner = Owner(clock: clock)
        await owner.after(.seconds(1), .synchronizeJournal, "save")
        await clock.sleepers(for: .seconds(1))
        #expect(await owner.isRunning(.synchronizeJournal))
        clock.advance(by: .seconds(1))
        await until { await !owner.isRunning(.synchronizeJournal) }
        #expect(await owner.fired == ["save"])
    }

    @Test func aReplacedTimerNeverFires() async {
        let clock = ManualClock()
        let owner = Owner(clock: clock)
        await owner.after(.seconds(1), .synchronizeJournal, "old")
        await clock.sleepers(for: .seconds(1))
        await owner.after(.seconds(2), .synchronizeJournal, "new")
        await clock.sleepers(for: .seconds(2))
        clock.advance(by: .seconds(2))
        await until { await !owner.fired.isEmpty }
        #expect(await owner.fired == ["new"])
    }

    @Test func aWakeThatComesAfterCancellationIsIgnored() async {
        let owner = Owner(clock: ManualClock())
        await owner.after(.seconds(1), .synchronizeJournal, "never")
        await owner.cancel(.synchronizeJournal)
        await owner.fire(Timers.Wake(id: .synchronizeJournal, serial: 1))
        #expect(await owner.fired.isEmpty)
    }

    @Test func aRepeatingTimerGoesOn() async {
        let clock = ManualClock()
        let owner = Owner(clock: clock)
        await owner.every(.seconds(1), .watchEngine, "tick")
        for round in 1...3 {
            await clock.sleepers(for: .seconds(1))
            clock.advance(by: .seconds(1))
            await until { await owner.fired.count == round }
        }
        #expect(await owner.isRunning(.watchEngine))
        await owner.cancel(.watchEngine)
    }
}
