import Synchronization

/// The events of a node from now on, across reconnections, until the client ends. See ``SoundpostClient/events``.
///
/// Every value is a reader of its own with a buffer of its own; iterate it once.
public struct NodeEvents: AsyncSequence, Sendable {
    public typealias Element = NodeEvent
    public typealias Failure = Never

    private let reader: EventReader

    init(reader: EventReader) {
        self.reader = reader
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: reader)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let reader: EventReader
        private var signals: AsyncStream<Void>.Iterator

        fileprivate init(reader: EventReader) {
            self.reader = reader
            signals = reader.signals.makeAsyncIterator()
        }

        /// The next event; nil when the client has ended or the task was cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> NodeEvent? {
            while true {
                if let event = reader.pop() { return event }
                guard await signals.next(isolation: actor) != nil else { return reader.pop() }
            }
        }
    }
}

/// One reader's buffer and the signal that something is in it. Callable from any thread.
final class EventReader: Sendable {
    /// Yields when there may be something to read, and ends with the client.
    let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let buffer: Mutex<EventBuffer>

    init(_ buffer: EventBuffer) {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.buffer = Mutex(buffer)
    }

    func append(_ event: NodeEvent) {
        buffer.withLock { $0.append(event) }
        signal.yield()
    }

    func finish() {
        buffer.withLock { $0.finish() }
        signal.finish()
    }

    func pop() -> NodeEvent? {
        buffer.withLock { $0.pop() }
    }
}
