internal import Synchronization

/// A transport whose `send` does not wait unless it is told to: messages go into a queue of limited length, which a
/// thread empties.
///
/// What happens when the queue is full is the policy `fail` or `dropOldest`. (A transport by itself waits.)
final class QueuedTransport: Transport {
    private struct State {
        var waiting: Backlog<Frame>
        var peak = 0
        var isSending = false
        var hasThread = false
        var isFinishing = false
        var fault: TransportFault?
    }

    private let transport: any Transport
    private let policy: BackPressure
    private let state: Mutex<State>
    private let bell = Doorbell()
    private let givenUp = Atomic(0)

    init(_ transport: any Transport, capacity: Int, policy: BackPressure) {
        precondition(policy != .wait, "a transport waits by itself")
        self.transport = transport
        self.policy = policy
        state = Mutex(State(waiting: Backlog(capacity: capacity)))
    }

    var kind: ChannelKind { transport.kind }
    var queued: Int { state.withLock { $0.waiting.count } }
    var peakQueued: Int { state.withLock { $0.peak } }
    var dropped: Int { givenUp.load(ordering: .relaxed) }

    func send(_ frame: Frame, _ deadline: Deadline, waits: Bool) throws(TransportFault) -> Int {
        // What cannot be sent is refused now, not when nobody listens any more.
        let bytes = try frame.encoded()
        let result: Result<Bool, TransportFault>? = bell.wait(deadline) {
            state.withLock { state in add(bytes, to: &state, waits: waits) }
        }
        guard let result else { throw .timeout }
        if try result.get() {
            BackgroundThread.start("channel sender") { [self] in sendAll() }
        } else {
            bell.ring()
        }
        return bytes.count
    }

    /// Whether the thread has to be started; nil while there is no room.
    private func add(_ bytes: [UInt8], to state: inout State, waits: Bool) -> Result<Bool, TransportFault>? {
        if let fault = state.fault { return .failure(fault) }
        if state.isFinishing { return .failure(.closed) }
        while state.waiting.isFull {
            if waits { return nil }
            guard policy == .dropOldest else { return .failure(.full) }
            _ = state.waiting.take()
            givenUp.add(1, ordering: .relaxed)
        }
        state.waiting.add(.encoded(bytes), bytes: bytes.count)
        state.peak = max(state.peak, state.waiting.count)
        defer { state.hasThread = true }
        return .success(!state.hasThread)
    }

    /// The thread: until the end.
    private func sendAll() {
        enum Step {
            case send(Frame)
            case end
        }
        while true {
            let step: Step? = bell.wait(.never) {
                state.withLock { state in
                    if state.fault != nil { return .end }
                    if let frame = state.waiting.take() {
                        state.isSending = true
                        return .send(frame)
                    }
                    return state.isFinishing ? .end : nil
                }
            }
            guard case .send(let frame) = step else {
                transport.finish()
                bell.ring()
                return
            }
            bell.ring()
            do throws(TransportFault) {
                _ = try transport.send(frame, .never, waits: true)
            } catch {
                state.withLock { $0.fault = $0.fault ?? error }
            }
            state.withLock { $0.isSending = false }
            bell.ring()
        }
    }

    func receive(_ deadline: Deadline, _ body: (ReceivedFrame) -> Void) throws(TransportFault) {
        try transport.receive(deadline, body)
    }

    func finish() {
        let hasThread = state.withLock { state in
            state.isFinishing = true
            return state.hasThread
        }
        if hasThread { bell.ring() } else { transport.finish() }
    }

    func close() {
        state.withLock { $0.fault = $0.fault ?? .closed }
        bell.ring()
        transport.close()
    }

    func drain(_ deadline: Deadline) throws(TransportFault) {
        let result: Result<Void, TransportFault>? = bell.wait(deadline) {
            state.withLock { state in
                if state.waiting.isEmpty, !state.isSending, state.fault == nil { return .success(()) }
                // Closed after everything had gone is no loss.
                return state.fault.map { fault in
                    if case .closed = fault, state.waiting.isEmpty, !state.isSending { return .success(()) }
                    return .failure(fault)
                }
            }
        }
        guard let result else { throw .timeout }
        try result.get()
        try transport.drain(deadline)
    }
}
