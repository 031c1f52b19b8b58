import Synchronization

/// The address that a server will have once it listens, or why it never will; settled once, awaited by any number.
final class BoundAddress: Sendable {
    private enum State {
        case pending([CheckedContinuation<ListenAddress, any Error>])
        case settled(Result<ListenAddress, any Error>)
    }

    private let state = Mutex(State.pending([]))

    /// Settles the outcome. Only the first call counts.
    func settle(_ result: Result<ListenAddress, any Error>) {
        let waiting = state.withLock { state in
            guard case .pending(let waiting) = state else { return [CheckedContinuation<ListenAddress, any Error>]() }
            state = .settled(result)
            return waiting
        }
        for continuation in waiting {
            continuation.resume(with: result)
        }
    }

    var value: ListenAddress {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let settled: Result<ListenAddress, any Error>? = state.withLock { state in
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
