internal import CSoundpostShims
internal import Synchronization

/// Where threads of this process sleep until something has changed.
///
/// A thread that waits takes a ticket, looks once more at what it waits for, and sleeps unless the bell rang since:
///
///     let ticket = bell.ticket()
///     if hasChanged { bell.giveBack() } else { bell.sleep(ticket, deadline) }
///
/// Whoever changes something rings afterwards. Nothing is lost: either the looker sees the change, or the ringer sees
/// that somebody waits (a full fence lies between the two steps on both sides), and then the number on the ticket is an
/// old one. Ringing costs a fence and a load while nobody waits.
final class Doorbell: @unchecked Sendable {
    // Unchecked: the two words are only used as atomics, and live as long as this.
    private let rings: UnsafeMutablePointer<Atomic<UInt32>>
    private let waiting: UnsafeMutablePointer<Atomic<Int>>

    init() {
        rings = .allocate(capacity: 1)
        rings.initialize(to: Atomic(0))
        waiting = .allocate(capacity: 1)
        waiting.initialize(to: Atomic(0))
    }

    deinit {
        rings.deinitialize(count: 1)
        rings.deallocate()
        waiting.deinitialize(count: 1)
        waiting.deallocate()
    }

    func ring() {
        ring(all: true)
    }

    /// Wakes one who sleeps. For where any of them can use what has changed, and rings in turn when it is done.
    func ringOnce() {
        ring(all: false)
    }

    private func ring(all: Bool) {
        soundpost_full_fence()
        guard waiting.pointee.load(ordering: .relaxed) > 0 else { return }
        rings.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
        soundpost_futex_wake(UnsafeRawPointer(rings).assumingMemoryBound(to: UInt32.self), all, false)
    }

    func ticket() -> UInt32 {
        waiting.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
        let number = rings.pointee.load(ordering: .sequentiallyConsistent)
        soundpost_full_fence()
        return number
    }

    func giveBack() {
        waiting.pointee.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Returns when the bell rang since the ticket was taken, at the deadline, or for no reason.
    func sleep(_ ticket: UInt32, _ deadline: Deadline) {
        defer { giveBack() }
        let remaining = deadline.remaining
        guard remaining != 0 else { return }
        _ = soundpost_futex_wait(
            UnsafeRawPointer(rings).assumingMemoryBound(to: UInt32.self), ticket, remaining ?? -1, false)
    }

    /// Waits until `change` returns a value; nil when the deadline passed before.
    func wait<Value>(_ deadline: Deadline, for change: () -> Value?) -> Value? {
        if let value = change() { return value }
        while true {
            let ticket = ticket()
            if let value = change() {
                giveBack()
                return value
            }
            if deadline.hasPassed {
                giveBack()
                return nil
            }
            sleep(ticket, deadline)
        }
    }
}
