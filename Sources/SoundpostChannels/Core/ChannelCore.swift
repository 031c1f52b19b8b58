#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Synchronization

/// One end of a channel: who sends, who reads, who waits. Here: what all of them share, and sending.
final class ChannelCore: Sendable {
    let name: String
    let shutdown: ShutdownState
    let meter = ChannelMeter()
    let transport: any Transport
    private let capacity: Int
    /// Rings when something has come, was taken, or has ended.
    let bell = Doorbell()
    /// Rings when there is work for the thread of the handlers.
    let workBell = Doorbell()

    struct Locked {
        var messages: ChannelState
        var isReading = false
        /// The thread that reads, to tell who waits for itself.
        var reader: UInt = 0
        var hasWorker = false
        var sendWakers: [any Waker] = []
        var arrivalWakers: [any Waker] = []
        var shutdownAction: Int?
        var nextListener = 0
    }

    let locked: Mutex<Locked>
    private let hasSendWakers = Atomic(false)

    var kind: ChannelKind { transport.kind }

    init(_ transport: any Transport, name: String, _ options: ChannelOptions) {
        self.name = name
        self.transport = transport
        capacity = options.capacity
        shutdown = options.shutdown ?? ShutdownState()
        locked = Mutex(Locked(messages: ChannelState(capacity: options.capacity)))
    }

    /// Takes part in the shutdown that it may share with others.
    func joinShutdown() {
        let action = shutdown.onShutdown { [weak self] in self?.finishIfDone() }
        locked.withLock { $0.shutdownAction = action }
    }

    func metrics() -> ChannelMetrics {
        let (waiting, dropped) = locked.withLock { ($0.messages.waiting, $0.messages.dropped) }
        return meter.snapshot(
            name, kind, queued: waiting + transport.queued, peak: transport.peakQueued,
            dropped: dropped + transport.dropped)
    }

    // MARK: Sending

    func send(_ frame: Frame, _ deadline: Deadline = .never) throws(ChannelError) {
        guard shutdown.begin() else { throw failed(.closed) }
        defer { shutdown.end() }
        try hand(over: frame, deadline)
        guard case .message(let message) = frame, message.kind == .response, let id = message.id else { return }
        let isOver = locked.withLock { locked in
            locked.messages.answered(id)
            return locked.messages.end != nil
        }
        if isOver { finishIfDone() }
    }

    /// Sends without asking whether a shutdown has begun: answers to what came before it.
    ///
    /// - Parameter waits: For room, whatever the policy.
    func hand(over frame: Frame, _ deadline: Deadline, waits: Bool = false) throws(ChannelError) {
        do throws(TransportFault) {
            meter.sent(try transport.send(frame, deadline, waits: waits))
        } catch {
            if case .broken = error { transport.close() }
            throw failed(error)
        }
        if hasSendWakers.load(ordering: .relaxed) {
            for waker in locked.withLock({ $0.sendWakers }) { waker.wake() }
        }
    }

    func wakeAfterSending(_ waker: any Waker) {
        locked.withLock { locked in
            guard locked.messages.end == nil else { return }
            locked.sendWakers.append(waker)
        }
        hasSendWakers.store(true, ordering: .releasing)
    }

    // MARK: Errors

    func failed(_ fault: TransportFault) -> ChannelError {
        meter.failed()
        switch fault {
        case .timeout: return error(.timeout, "there was no room in time")
        case .ended: return error(.disconnected, "the other end is gone")
        case .closed:
            let isShutdown = shutdown.isShutdown
            return error(
                isShutdown ? .shuttingDown : .disconnected, isShutdown ? "it is shutting down" : "it has ended")
        case .full: return error(.sendFailed, "\(capacity) messages wait to be sent; there is no room for more")
        case .tooLarge(let text): return error(.sendFailed, text)
        case .unwritable(let text): return error(.serialization, text)
        case .broken(let text): return error(.sendFailed, "the other end broke the protocol: \(text)")
        case .system(let text): return error(.io, text)
        }
    }

    func error(_ code: ChannelError.Code, _ text: String) -> ChannelError {
        ChannelError(code, channel: name, text)
    }

    static var thisThread: UInt {
        #if canImport(Darwin)
            UInt(bitPattern: pthread_self())
        #else
            UInt(pthread_self())
        #endif
    }
}
