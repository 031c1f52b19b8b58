import NIOCore
import Node
import Synchronization

/// One connected client as the node sees it: texts put in here are written by its ``WebSocketOutputHandler``.
///
/// Threading: all methods may be called from anywhere and return at once.
final class WebSocketClient: ClientConnection {
    let id: ClientID
    let name: String?
    let peer: String
    let path: WebSocketPath
    /// Ends when the queue is finished; for one reader.
    let finished: AsyncStream<Never>

    private let state: Mutex<State>
    private let finishedSignal: AsyncStream<Never>.Continuation

    private struct State {
        var queue: OutboundQueue
        /// Has the queue written; nil without a channel.
        var wake: (@Sendable () -> Void)?
        /// Whether a writer was woken and has not yet found the queue empty.
        var isAwake = false
    }

    init(id: ClientID, name: String?, peer: String, path: WebSocketPath = .control, limits: ServerLimits) {
        self.id = id
        self.name = name
        self.peer = peer
        self.path = path
        state = Mutex(
            State(
                queue: OutboundQueue(
                    acknowledgementLimit: limits.acknowledgementBytes,
                    meterLimit: path == .listening ? limits.soundBytes : limits.meterBytes
                )
            )
        )
        (finished, finishedSignal) = AsyncStream.makeStream(of: Never.self)
    }

    func send(_ text: String, priority: MessagePriority) {
        change { $0.append(text, priority: priority) }
    }

    func send(_ sound: ByteBuffer) {
        change { $0.append(sound) }
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
    var isFinished: Bool { state.withLock { $0.queue.isFinished } }

    /// Bytes that wait, and meters or pieces of sound that gave way so far.
    var waiting: (bytes: Int, droppedMeters: Int) {
        state.withLock { ($0.queue.acknowledgementBytes + $0.queue.meterBytes, $0.queue.droppedMeters) }
    }

    /// Says what has the queue written from now on, or that nothing does.
    ///
    /// - Parameter wake: called, from anywhere, when the queue is no longer empty; then not again before `nextBatch`
    ///   has found nothing.
    func onWork(_ wake: (@Sendable () -> Void)?) {
        state.withLock { $0.wake = wake }
        change { _ in }
    }

    /// The next items to write, and whether they are the last. Without items, the next text wakes the writer again.
    func nextBatch() -> (items: [OutboundQueue.Item], isLast: Bool) {
        state.withLock { state in
            let items = state.queue.nextBatch()
            if items.isEmpty { state.isAwake = false }
            return (items, state.queue.isClosed)
        }
    }

    private func change(_ body: (inout OutboundQueue) -> Void) {
        let (isFinished, wake) = state.withLock { state in
            body(&state.queue)
            guard !state.isAwake, let wake = state.wake else {
                return (state.queue.isFinished, nil as (@Sendable () -> Void)?)
            }
            state.isAwake = true
            return (state.queue.isFinished, wake)
        }
        wake?()
        if isFinished {
            finishedSignal.finish()
        }
    }
}
