import NIOCore
import Node
import Synchronization

/// One connected client as the node sees it: texts put in here are written by its ``WebSocketSession``.
///
/// Threading: all methods may be called from anywhere and return at once.
final class WebSocketClient: ClientConnection {
    let id: ClientID
    let name: String?
    let peer: String
    /// Yields when there may be something to write; for one reader.
    let work: AsyncStream<Void>
    /// Ends when the queue is finished; for one reader.
    let finished: AsyncStream<Never>

    private let queue: Mutex<OutboundQueue>
    private let workSignal: AsyncStream<Void>.Continuation
    private let finishedSignal: AsyncStream<Never>.Continuation

    init(id: ClientID, name: String?, peer: String, limits: ServerLimits) {
        self.id = id
        self.name = name
        self.peer = peer
        queue = Mutex(
            OutboundQueue(acknowledgementLimit: limits.acknowledgementBytes, meterLimit: limits.meterBytes)
        )
        (work, workSignal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (finished, finishedSignal) = AsyncStream.makeStream(of: Never.self)
    }

    func send(_ text: String, priority: MessagePriority) {
        change { $0.append(text, priority: priority) }
    }

    func sendPing() {
        change { $0.appendPing() }
    }

    func sendPong(_ payload: ByteBuffer) {
        change { $0.appendPong(payload) }
    }

    /// See ``OutboundQueue/finish(_:discardingRest:)``.
    func finish(_ reason: CloseReason, discardingRest: Bool = false) {
        change { $0.finish(reason, discardingRest: discardingRest) }
    }

    /// See ``OutboundQueue/abandon()``.
    func abandon() {
        change { $0.abandon() }
    }

    /// Whether nothing more is sent but what waits.
    var isFinished: Bool { queue.withLock { $0.isFinished } }

    /// Whether everything has been handed out, the close frame included.
    var isClosed: Bool { queue.withLock { $0.isClosed } }

    /// Bytes that wait, and meters that gave way so far.
    var waiting: (bytes: Int, droppedMeters: Int) {
        queue.withLock { ($0.acknowledgementBytes + $0.meterBytes, $0.droppedMeters) }
    }

    /// See ``OutboundQueue/nextBatch()``.
    func nextBatch() -> [OutboundQueue.Item] {
        queue.withLock { $0.nextBatch() }
    }

    private func change(_ body: (inout OutboundQueue) -> Void) {
        let isFinished = queue.withLock { queue in
            body(&queue)
            return queue.isFinished
        }
        workSignal.yield()
        if isFinished {
            finishedSignal.finish()
        }
    }
}
