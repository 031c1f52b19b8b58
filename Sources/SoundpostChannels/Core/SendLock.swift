internal import Synchronization

/// A lock around what one thread at a time sends, for which a thread may wait until a deadline.
///
/// Who comes while somebody waits may be served first; nobody is served last for ever, because each release wakes one
/// who waits.
struct SendLock<Value: ~Copyable>: ~Copyable {
    private let isTaken = Atomic(false)
    /// Never waited for: only who has taken the lock comes here.
    private let value: Mutex<Value>
    private let bell = Doorbell()

    init(_ value: consuming sending Value) {
        self.value = Mutex(value)
    }

    /// - Returns: Nil when the deadline passed before the lock was free.
    func withLock<Result: Sendable>(_ deadline: Deadline, _ body: (inout sending Value) -> Result) -> Result? {
        guard bell.wait(deadline, for: { take() ? true : nil }) != nil else { return nil }
        defer { giveBack() }
        return value.withLock { body(&$0) }
    }

    func withLockIfAvailable(_ body: (inout sending Value) -> Void) {
        guard take() else { return }
        defer { giveBack() }
        value.withLock { body(&$0) }
    }

    private func take() -> Bool {
        !isTaken.load(ordering: .relaxed) && !isTaken.exchange(true, ordering: .acquiring)
    }

    /// The bell's full fence comes after it: what is looked at next is not older than the lock's release.
    private func giveBack() {
        isTaken.store(false, ordering: .releasing)
        bell.ringOnce()
    }
}
