import NIOCore
import Node

/// What waits to be written to one WebSocket client, and what gives way when it reads too slowly.
///
/// Messages leave in the order in which they came. Acknowledgements are never dropped: when more bytes of them wait
/// than the limit, the queue ends itself and the client is told to come back later. Of meters only the newest are kept,
/// and of sound, which waits where meters do.
/// Of pongs only the newest matters (RFC 6455 section 5.5.3), so a flood of pings takes no memory.
struct OutboundQueue: Sendable {
    enum Item: Sendable, Hashable {
        case text(String)
        case sound(ByteBuffer)
        case ping
        case pong(ByteBuffer)
        /// The last item.
        case close(CloseReason)

        /// Whether it is a message, not a control frame.
        var isMessage: Bool {
            switch self {
            case .text, .sound: true
            case .ping, .pong, .close: false
            }
        }

        fileprivate var byteCount: Int {
            switch self {
            case .text(let text): text.utf8.count
            case .sound(let bytes): bytes.readableBytes
            case .ping, .pong, .close: 0
            }
        }
    }

    private struct Entry: Sendable {
        var number: UInt64
        var message: Item
    }

    private enum State {
        case open
        /// Acknowledgements and then this reason are still to be written.
        case closing(CloseReason)
        case closed
    }

    /// Bytes in one batch, so that what is being written and can no longer give way stays small.
    private static let batchBytes = 64 * 1024
    /// Entries for which an empty queue keeps the room.
    private static let keptEntries = 64

    private let acknowledgementLimit: Int
    private let meterLimit: Int
    private var state = State.open
    private var acknowledgements = CircularBuffer<Entry>()
    private var meters = CircularBuffer<Entry>()
    private var pong: ByteBuffer?
    private var pingWaits = false
    private var nextNumber: UInt64 = 0
    /// Bytes of acknowledgements that wait.
    private(set) var acknowledgementBytes = 0
    /// Bytes of meters that wait.
    private(set) var meterBytes = 0
    /// Meters that gave way so far.
    private(set) var droppedMeters = 0

    /// - Parameters:
    ///   - acknowledgementLimit: bytes of acknowledgements that may wait.
    ///   - meterLimit: bytes of meters that may wait.
    init(acknowledgementLimit: Int, meterLimit: Int) {
        self.acknowledgementLimit = acknowledgementLimit
        self.meterLimit = meterLimit
    }

    /// Whether nothing more is taken.
    var isFinished: Bool {
        if case .open = state { false } else { true }
    }

    /// Whether the last item has been handed out.
    var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Takes a text, or ends the queue when the limit is passed. Does nothing once the queue is finished.
    mutating func append(_ text: String, priority: MessagePriority) {
        append(.text(text), priority: priority)
    }

    /// Takes a piece of sound, which gives way as meters do.
    mutating func append(_ sound: ByteBuffer) {
        append(.sound(sound), priority: .meter)
    }

    private mutating func append(_ message: Item, priority: MessagePriority) {
        guard !isFinished else { return }
        let entry = Entry(number: nextNumber, message: message)
        let bytes = message.byteCount
        nextNumber += 1
        switch priority {
        case .acknowledgement:
            // One long answer alone is no sign of a slow reader.
            guard acknowledgements.isEmpty || acknowledgementBytes + bytes <= acknowledgementLimit else {
                return finish(.slowReader, discardingRest: true)
            }
            acknowledgementBytes += bytes
            acknowledgements.append(entry)
        case .meter:
            meterBytes += bytes
            while meterBytes > meterLimit, let oldest = meters.popFirst() {
                meterBytes -= oldest.message.byteCount
                droppedMeters += 1
            }
            meters.append(entry)
        }
    }

    mutating func appendPing() {
        guard !isFinished else { return }
        pingWaits = true
    }

    /// Replaces a pong that still waits.
    mutating func appendPong(_ payload: ByteBuffer) {
        guard !isFinished else { return }
        pong = payload
    }

    /// Ends the queue. Only the first call counts.
    ///
    /// - Parameters:
    ///   - reason: what the close frame says.
    ///   - discardingRest: whether the acknowledgements that wait are thrown away, because the peer does not read;
    ///     otherwise they go out before the close frame.
    mutating func finish(_ reason: CloseReason, discardingRest: Bool) {
        guard !isFinished else { return }
        state = .closing(reason)
        meters.removeAll()
        meterBytes = 0
        pong = nil
        pingWaits = false
        if discardingRest {
            acknowledgements.removeAll()
            acknowledgementBytes = 0
        }
    }

    /// Ends the queue without a close frame, because nobody is there to read one.
    mutating func abandon() {
        finish(.normal, discardingRest: true)
        acknowledgements.removeAll()
        acknowledgementBytes = 0
        state = .closed
    }

    /// The next items to write: control frames first, then messages of some 64 KiB together. Empty when none waits.
    mutating func nextBatch() -> [Item] {
        var batch: [Item] = []
        if pingWaits {
            pingWaits = false
            batch.append(.ping)
        }
        if let payload = pong {
            pong = nil
            batch.append(.pong(payload))
        }
        var bytes = 0
        while bytes < Self.batchBytes, let message = popMessage() {
            bytes += message.byteCount
            batch.append(message)
        }
        if case .closing(let reason) = state, acknowledgements.isEmpty {
            state = .closed
            batch.append(.close(reason))
        }
        giveRoomBack()
        return batch
    }

    /// A buffer keeps the room it once needed, and what a burst needed would stay with every idle client.
    private mutating func giveRoomBack() {
        if acknowledgements.isEmpty, acknowledgements.capacity > Self.keptEntries {
            acknowledgements = CircularBuffer()
        }
        if meters.isEmpty, meters.capacity > Self.keptEntries {
            meters = CircularBuffer()
        }
    }

    private mutating func popMessage() -> Item? {
        let acknowledgementNumber = acknowledgements.first?.number ?? .max
        if let meter = meters.first, meter.number < acknowledgementNumber {
            meters.removeFirst()
            meterBytes -= meter.message.byteCount
            return meter.message
        }
        guard let entry = acknowledgements.popFirst() else { return nil }
        acknowledgementBytes -= entry.message.byteCount
        return entry.message
    }
}
