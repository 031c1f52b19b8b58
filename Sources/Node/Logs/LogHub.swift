import ControlProtocol
import Logging
import Synchronization

/// Collects the log lines that clients are to see. Lines may come from any thread; one reader takes them in order.
///
/// Between node and reader lie at most `capacity` lines; beyond that the oldest are lost, never the writer's time.
final class LogHub: Sendable {
    private let capacity: Int
    private let wallClock: WallClock
    private let state: Mutex<State>

    private struct State {
        /// Lines that no reader has taken yet.
        var waiting: [LogLine] = []
        var reader: AsyncStream<LogLine>.Continuation?
    }

    init(capacity: Int, wallClock: WallClock) {
        self.capacity = capacity
        self.wallClock = wallClock
        state = Mutex(State())
    }

    /// A logger whose lines of level info and above come here, and all of them to the handler of `base`.
    func logger(source: String, also base: Logger) -> Logger {
        Logger(label: base.label) { _ in
            BranchedLogHandler(base: base.handler, hub: HubLogHandler(hub: self, source: source))
        }
    }

    func write(level: LogLine.Level, source: String, message: String) {
        let line = LogLine(level: level, source: source, message: message, timestamp: wallClock.milliseconds())
        state.withLock { state in
            if let reader = state.reader {
                reader.yield(line)
            } else {
                state.waiting.append(line)
                state.waiting.removeFirst(max(0, state.waiting.count - capacity))
            }
        }
    }

    /// The lines from now on, after those that nobody has read. A new reader ends the one before.
    func lines() -> AsyncStream<LogLine> {
        let (stream, reader) = AsyncStream.makeStream(of: LogLine.self, bufferingPolicy: .bufferingNewest(capacity))
        state.withLock { state in
            state.reader?.finish()
            for line in state.waiting {
                reader.yield(line)
            }
            state.waiting = []
            state.reader = reader
        }
        return stream
    }

    /// Ends the current reader; later lines wait for the next.
    func endReading() {
        state.withLock { state in
            state.reader?.finish()
            state.reader = nil
        }
    }
}
