import Dispatch
import Foundation
import Synchronization

/// A thread that calls a closure again and again, with a pause in between, until it is stopped.
///
/// A thread of its own and not a task: file reads block, and a busy cooperative pool must not starve the audio rings.
final class PeriodicThread: Sendable {
    private let stopping = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)

    /// Starts at once; the first call comes without a pause.
    init(name: String, every interval: DispatchTimeInterval, body: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            while !stopping.load(ordering: .acquiring) {
                body()
                _ = wake.wait(timeout: .now() + interval)
            }
            finished.signal()
        }
        thread.name = name
        thread.start()
    }

    /// Has the next call made at once.
    func poke() {
        wake.signal()
    }

    /// Ends the thread after the call under way; returns when it is over. Call once, from another thread.
    func stop() {
        end()
        finished.wait()
    }

    /// The same for a thread whose call may take for ever.
    ///
    /// - Returns: `false` when the call was still under way at the end of the patience; the thread ends after it.
    func stop(patience: DispatchTimeInterval) -> Bool {
        end()
        return finished.wait(timeout: .now() + patience) == .success
    }

    private func end() {
        stopping.store(true, ordering: .releasing)
        wake.signal()
    }
}
