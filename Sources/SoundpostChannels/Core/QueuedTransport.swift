internal import DequeModule
internal import Synchronization

/// A transport whose `send` never waits: messages go into a queue of limited length, which a thread empties.
///
/// What happens when the queue is full is the policy `fail` or `dropOldest`. (A transport by itself waits.)
final class QueuedTransport: Transport {
    private struct State {
        var waiting: Deque<Frame> = []
        var peak = 0
        var isSending = false
        var hasThread = false
        var isFinishing = false
        var fault: TransportFault?
    }

    private let transport: any Transport
    private let capacity: Int
    private let policy: BackPressure
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let givenUp = Atomic(0)

    init(_ transport: any Transport, capacity: Int, policy: BackPressure) {
        precondition(policy != .wait, "a transport waits by itself")
        self.transport = transport
        self.capacity = capacity
        self.policy = policy
    }

    var kind: ChannelKind { transport.kind }
    var queued: Int { state.withLock { $0.waiting.count } }
    var peakQueued: Int { state.withLock { $0.peak } }
    var dropped: Int { givenUp.load(ordering: .relaxed) }

    func send(_ frame: Frame, _ deadline: Deadline) throws(TransportFault) -> Int {
        // What cannot be sent is refused now, not when nobody listens any more.
        let bytes = try frame.encoded()
        let (fault, needsThread): (TransportFault?, Bool) = state.withLock { state in
            if let fault = state.fault { return (fault, false) }
            if state.isFinishing { return (.closed, false) }
            if state.waiting.count >= capacity {
                guard policy == .dropOldest else { return (.full, false) }
                state.waiting.removeFirst()
                givenUp.add(1, ordering: .relaxed)
            }
            state.waiting.append(.encoded(bytes))
            state.peak = max(state.peak, state.waiting.count)
            defer { state.hasThread = true }
            return (nil, !state.hasThread)
        }
        if let fault { throw fault }
        if needsThread {
            BackgroundThread.start("channel sender") { [self] in sendAll() }
        } else {
            bell.ring()
        }
        return bytes.count
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
                    if let frame = state.waiting.popFirst() {
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
                _ = try transport.send(frame, .never)
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
