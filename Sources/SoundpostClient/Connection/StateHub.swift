import Synchronization

/// The state of a connection and those who watch it. Callable from any thread.
final class StateHub: Sendable {
    private struct Watched {
        var state: ConnectionState
        var watchers: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
        var lastNumber = 0
    }

    private let watched: Mutex<Watched>

    init(_ state: ConnectionState) {
        watched = Mutex(Watched(state: state))
    }

    var state: ConnectionState { watched.withLock { $0.state } }

    /// The state now and every one that follows; ends after ``ConnectionState/closed(because:)``.
    func states() -> AsyncStream<ConnectionState> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ConnectionState.self,
            bufferingPolicy: .bufferingNewest(64)
        )
        let number = watched.withLock { watched in
            watched.lastNumber += 1
            watched.watchers[watched.lastNumber] = continuation
            Self.tell(continuation, watched.state)
            return watched.lastNumber
        }
        continuation.onTermination = { [weak self] _ in
            self?.watched.withLock { $0.watchers[number] = nil }
        }
        return stream
    }

    func publish(_ state: ConnectionState) {
        let watchers = watched.withLock { watched in
            watched.state = state
            return Array(watched.watchers.values)
        }
        for watcher in watchers { Self.tell(watcher, state) }
    }

    private static func tell(_ watcher: AsyncStream<ConnectionState>.Continuation, _ state: ConnectionState) {
        watcher.yield(state)
        if case .closed = state { watcher.finish() }
    }
}
