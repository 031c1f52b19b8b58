import NIOCore

/// Events that wait for one reader, in the order in which they came, and what gives way when it reads too slowly.
///
/// Meters and log lines beyond their limit give way silently, the oldest first. State changes beyond theirs give way
/// too, so that memory stays bounded, but the reader is told how many: it would go wrong without knowing otherwise.
/// Answers never come here, so none is ever dropped.
struct EventBuffer: Sendable {
    private struct Entry: Sendable {
        var number: UInt64
        var event: NodeEvent
    }

    private let stateLimit: Int
    private let meterLimit: Int
    private var states = CircularBuffer<Entry>()
    private var meters = CircularBuffer<Entry>()
    private var nextNumber: UInt64 = 0
    private var missed = 0
    private(set) var isFinished = false

    init(stateLimit: Int, meterLimit: Int) {
        self.stateLimit = max(stateLimit, 1)
        self.meterLimit = max(meterLimit, 1)
    }

    mutating func append(_ event: NodeEvent) {
        guard !isFinished else { return }
        let entry = Entry(number: nextNumber, event: event)
        nextNumber += 1
        if event.isMeter {
            if meters.count == meterLimit { meters.removeFirst() }
            meters.append(entry)
        } else {
            if states.count == stateLimit {
                states.removeFirst()
                missed += 1
            }
            states.append(entry)
        }
    }

    /// Takes nothing more. What waits can still be read.
    mutating func finish() {
        isFinished = true
    }

    /// The oldest event that waits.
    mutating func pop() -> NodeEvent? {
        if missed > 0 {
            defer { missed = 0 }
            return .missed(count: missed)
        }
        let stateNumber = states.first?.number ?? .max
        if let meter = meters.first, meter.number < stateNumber {
            return meters.removeFirst().event
        }
        return states.popFirst()?.event
    }
}
