/// Runs actions later or repeatedly on the node's actor.
///
/// The tasks only sleep; the actions stay here, with the actor that owns this object, and are looked up when a timer
/// fires. So an action may touch the node's state, and a cancelled timer never runs.
final class Timers {
    private struct Entry {
        var serial: UInt64
        var repeats: Bool
        var action: () -> Void
        var task: Task<Void, Never>
    }

    private let clock: any Clock<Duration>
    private let wake: @Sendable (Wake) async -> Void
    private var entries: [TimerID: Entry] = [:]
    private var nextSerial: UInt64 = 0

    /// One timer that has come due. The serial number tells it from a later timer with the same id.
    struct Wake: Sendable, Hashable {
        var id: TimerID
        var serial: UInt64
    }

    /// - Parameter wake: hops to the actor that owns this object and hands the value to `fire`.
    init(clock: any Clock<Duration>, wake: @escaping @Sendable (Wake) async -> Void) {
        self.clock = clock
        self.wake = wake
    }

    deinit {
        for entry in entries.values {
            entry.task.cancel()
        }
    }

    /// Runs `action` once, a delay from now. Replaces a timer with the same id.
    func after(_ delay: Duration, _ id: TimerID, action: @escaping () -> Void) {
        start(delay, id, repeats: false, action: action)
    }

    /// Runs `action` at an interval, first one interval from now. Replaces a timer with the same id.
    func every(_ interval: Duration, _ id: TimerID, action: @escaping () -> Void) {
        start(interval, id, repeats: true, action: action)
    }

    func isRunning(_ id: TimerID) -> Bool {
        entries[id] != nil
    }

    func cancel(_ id: TimerID) {
        entries.removeValue(forKey: id)?.task.cancel()
    }

    func cancelAll() {
        for entry in entries.values {
            entry.task.cancel()
        }
        entries = [:]
    }

    /// Runs the action of a timer that has come due, unless it was cancelled or replaced in the meantime.
    func fire(_ wake: Wake) {
        guard let entry = entries[wake.id], entry.serial == wake.serial else { return }
        if !entry.repeats {
            entries[wake.id] = nil
        }
        entry.action()
    }

    private func start(_ interval: Duration, _ id: TimerID, repeats: Bool, action: @escaping () -> Void) {
        cancel(id)
        nextSerial += 1
        let due = Wake(id: id, serial: nextSerial)
        let task = Task { [clock, wake] in
            repeat {
                do {
                    try await clock.sleep(for: interval)
                } catch {
                    return  // cancelled
                }
                await wake(due)
            } while repeats && !Task.isCancelled
        }
        entries[id] = Entry(serial: due.serial, repeats: repeats, action: action, task: task)
    }
}
