#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Synchronization

/// How one end of a ring waits for the other and wakes it: the steps of docs/protocols/shared-memory.md.
struct RingSleep {
    /// The connection over which the region came. The kernel closes it when the other process ends.
    let lock: Descriptor
    let isClosed: CloseFlag
    let strategy: WaitStrategy
    private let past = Past()

    /// What became of looking again and again, of one end that waits.
    private final class Past {
        var failures = 0
    }

    enum Outcome {
        case ready
        case timeout
        case closed
        /// The other end has let go, or died.
        case gone
    }

    /// How often an idle waiter looks whether the other end still lives.
    private static let look: Int64 = 250_000_000

    /// Waits until `isReady` or `hasEnded`; `hasEnded` counts as ready, and what it means is the caller's business.
    func wait(
        on word: UnsafeMutablePointer<Atomic<UInt32>>, _ deadline: Deadline, until isReady: () -> Bool
    ) -> Outcome {
        if isReady() { return .ready }
        if deadline.nanoseconds == 0 { return isClosed.value ? .closed : outcome(ifNot: isReady, .timeout) }
        if spin(until: isReady) { return .ready }
        while true {
            if isClosed.value { return .closed }
            word.pointee.store(1, ordering: .relaxed)
            soundpost_full_fence()
            if isReady() {
                word.pointee.store(0, ordering: .relaxed)
                return .ready
            }
            let remaining = deadline.remaining
            if remaining != 0, !isClosed.value {
                let address = UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)
                _ = soundpost_futex_wait(address, 1, min(remaining ?? Self.look, Self.look), true)
            }
            word.pointee.store(0, ordering: .relaxed)
            if isReady() { return .ready }
            if isClosed.value { return .closed }
            let state = outcome(ifNot: isReady, .timeout)
            if state != .timeout || remaining == 0 { return state }
        }
    }

    /// Whether the other end is gone; what it did before it went is looked for once more.
    private func outcome(ifNot isReady: () -> Bool, _ otherwise: Outcome) -> Outcome {
        guard lock.wait(for: 0, .now) & Int32(POLLHUP | POLLERR) != 0 else { return otherwise }
        return isReady() ? .ready : .gone
    }

    /// Looks for as long as the strategy says, unless that was in vain several times in a row: who is alone on a core
    /// with the other end, or waits for something rare, loses nothing by sleeping at once. Then only one wait in many
    /// tries it again.
    private func spin(until isReady: () -> Bool) -> Bool {
        let length = strategy.spinNanoseconds
        guard length > 0 else { return false }
        if past.failures >= Self.patience {
            past.failures += 1
            guard past.failures % Self.trial == 0 else { return false }
        }
        // The clock takes longer than a look, so it is asked for once in a while.
        var end: Int64 = 0
        var pauses = 1
        while true {
            for _ in 0..<32 {
                for _ in 0..<pauses { soundpost_pause() }
                if isReady() {
                    past.failures = 0
                    return true
                }
            }
            let now = Deadline.clock()
            if end == 0 {
                end = now + length
            } else if now >= end {
                past.failures += 1
                return false
            } else {
                pauses = min(pauses * 2, 8)
            }
        }
    }

    private static let patience = 8
    private static let trial = 32

    /// Some hundred nanoseconds, in which the other end does more than one thing.
    static func rest() {
        for _ in 0..<32 { soundpost_pause() }
    }

    /// Tells the other end that something changed. `word` is where it sleeps, if it does.
    static func wake(_ word: UnsafeMutablePointer<Atomic<UInt32>>) {
        soundpost_full_fence()
        guard word.pointee.load(ordering: .relaxed) != 0 else { return }
        word.pointee.store(0, ordering: .relaxed)
        soundpost_futex_wake(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), true, true)
    }

    /// Wakes without looking, for an end that lets go.
    static func wakeAnyway(_ word: UnsafeMutablePointer<Atomic<UInt32>>) {
        word.pointee.store(0, ordering: .sequentiallyConsistent)
        soundpost_futex_wake(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), true, true)
    }
}

/// Set once, when this end lets go.
final class CloseFlag: Sendable {
    private let flag = Atomic(false)

    var value: Bool { flag.load(ordering: .acquiring) }

    /// False if it was set already.
    func set() -> Bool { !flag.exchange(true, ordering: .acquiringAndReleasing) }
}

/// Why a ring cannot go on.
enum RingFault: Error {
    case timeout
    case closed
    /// The other end sends nothing more, or is gone.
    case ended
    /// The other end broke the protocol.
    case broken(String)
    /// A record of this size can never be written.
    case tooLarge(limit: Int)
}
