import Synchronization

/// What something will come to, or why it never will; settled once, awaited by any number.
final class Outcome<Value: Sendable>: Sendable {
    private enum State {
        case pending([CheckedContinuation<Value, any Error>])
        case settled(Result<Value, any Error>)
    }

    private let state = Mutex(State.pending([]))

    /// Settles the outcome. Only the first call counts.
    func settle(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state in
            guard case .pending(let waiting) = state else { return [CheckedContinuation<Value, any Error>]() }
            state = .settled(result)
            return waiting
        }
        for continuation in waiting {
            continuation.resume(with: result)
        }
    }

    /// Waits until it is settled, whatever becomes of the waiting task.
    var value: Value {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let settled: Result<Value, any Error>? = state.withLock { state in
                    switch state {
                    case .pending(let waiting):
                        state = .pending(waiting + [continuation])
                        return nil
                    case .settled(let result):
                        return result
                    }
                }
                if let settled {
                    continuation.resume(with: settled)
                }
            }
        }
    }
}
