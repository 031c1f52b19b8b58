internal import Synchronization

/// A lock around what one thread at a time sends, for which a thread may wait until a deadline.
///
/// Who waits for ever waits in the mutex, one of whom the kernel wakes; who has a deadline waits at the bell.
struct SendLock<Value: ~Copyable>: ~Copyable {
    private let value: Mutex<Value>
    private let bell = Doorbell()

    init(_ value: consuming sending Value) {
        self.value = Mutex(value)
    }

    /// - Returns: Nil when the deadline passed before the lock was free.
    func withLock<Result: Sendable>(_ deadline: Deadline, _ body: (inout sending Value) -> Result) -> Result? {
        // After the bell comes a full fence: what is looked at next is not older than the lock's release.
        defer { bell.ring() }
        guard deadline.nanoseconds != nil else { return value.withLock { body(&$0) } }
        return bell.wait(deadline) { value.withLockIfAvailable { body(&$0) } }
    }

    func withLockIfAvailable(_ body: (inout sending Value) -> Void) {
        guard value.withLockIfAvailable({ body(&$0) }) != nil else { return }
        bell.ring()
    }
}
