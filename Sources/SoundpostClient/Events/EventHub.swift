import Synchronization

/// Hands every event to every reader that still exists. Callable from any thread.
final class EventHub: Sendable {
    private struct WeakReader: Sendable {
        weak var reader: EventReader?
    }

    private struct Readers {
        var all: [WeakReader] = []
        var isFinished = false
    }

    private let readers = Mutex(Readers())
    private let stateLimit: Int
    private let meterLimit: Int

    init(stateLimit: Int, meterLimit: Int) {
        self.stateLimit = stateLimit
        self.meterLimit = meterLimit
    }

    /// A new reader of what is published from now on.
    func makeReader() -> EventReader {
        let reader = EventReader(EventBuffer(stateLimit: stateLimit, meterLimit: meterLimit))
        let isFinished = readers.withLock { readers in
            readers.all.removeAll { $0.reader == nil }
            readers.all.append(WeakReader(reader: reader))
            return readers.isFinished
        }
        if isFinished { reader.finish() }
        return reader
    }

    func publish(_ event: NodeEvent) {
        for reader in current() { reader.append(event) }
    }

    func finish() {
        readers.withLock { $0.isFinished = true }
        for reader in current() { reader.finish() }
    }

    private func current() -> [EventReader] {
        readers.withLock { $0.all.compactMap(\.reader) }
    }
}
