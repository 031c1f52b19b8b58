#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Synchronization

/// One end of a channel: who sends, who reads, who waits.
///
/// Nobody reads all the time. A thread that waits for a message or an answer, and finds nobody reading, reads, for everybody, until it has what it waits
/// for; then another one that waits takes over. So a thread that talks to the other end alone sleeps in the kernel only once for each answer. Where
/// tasks or handlers receive, a thread of the channel's own reads (`pump`).
final class ChannelCore: Sendable {
    let name: String
    let shutdown: ShutdownState
    let meter = ChannelMeter()
    private let transport: any Transport
    private let capacity: Int
    private let bell = Doorbell()

    private struct Locked {
        var messages = ChannelState()
        var isReading = false
        /// The thread that reads, to tell a handler that waits for itself.
        var reader: UInt = 0
        var hasPump = false
        var sendWakers: [any Waker] = []
        var arrivalWakers: [any Waker] = []
        var shutdownAction: Int?
        var nextListener = 0
    }

    private let locked = Mutex(Locked())
    private let hasSendWakers = Atomic(false)

    var kind: ChannelKind { transport.kind }

    init(_ transport: any Transport, name: String, _ options: ChannelOptions) {
        self.name = name
        self.transport = transport
        capacity = options.capacity
        shutdown = options.shutdown ?? ShutdownState()
    }

    /// Takes part in the shutdown that it may share with others.
    func joinShutdown() {
        let action = shutdown.onShutdown { [weak self] in self?.transport.finish() }
        locked.withLock { $0.shutdownAction = action }
    }

    func metrics() -> ChannelMetrics {
        let waiting = locked.withLock { $0.messages.waiting }
        return meter.snapshot(name, kind, queued: waiting + transport.queued, dropped: transport.dropped)
    }

    // MARK: Sending

    func send(_ frame: Frame, _ deadline: Deadline = .never) throws(ChannelError) {
        guard shutdown.begin() else { throw failed(.closed) }
        defer { shutdown.end() }
        try hand(over: frame, deadline)
    }

    /// Sends without asking whether a shutdown has begun: answers to what came before it.
    private func hand(over frame: Frame, _ deadline: Deadline) throws(ChannelError) {
        do throws(TransportFault) {
            meter.sent(try transport.send(frame, deadline))
        } catch {
            if case .broken = error { transport.close() }
            throw failed(error)
        }
        if hasSendWakers.load(ordering: .relaxed) {
            for waker in locked.withLock({ $0.sendWakers }) { waker.wake() }
        }
    }

    private func failed(_ fault: TransportFault) -> ChannelError {
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

    private func error(_ code: ChannelError.Code, _ text: String) -> ChannelError {
        ChannelError(code, channel: name, text)
    }

    // MARK: Receiving

    /// Waits until `take` finds what it looks for.
    func wait<Value: Sendable>(
        _ deadline: Deadline, for take: @Sendable (inout ChannelState) -> Value?
    ) throws(ChannelError) -> Value {
        let me = Self.thisThread
        func look() throws(ChannelError) -> WaitStep<Value> {
            let (step, isOwn): (WaitStep<Value>, Bool) = locked.withLock { locked in
                if let value = take(&locked.messages) { return (.done(value), false) }
                if let end = locked.messages.end { return (.ended(end), false) }
                guard !locked.isReading else { return (.sleep, locked.reader == me) }
                locked.isReading = true
                locked.reader = me
                return (.read, false)
            }
            if isOwn { throw error(.io, "a handler cannot wait for its own channel, which waits for the handler") }
            return step
        }
        while true {
            var step = try look()
            if case .sleep = step {
                let ticket = bell.ticket()
                do throws(ChannelError) {
                    step = try look()
                } catch {
                    bell.giveBack()
                    throw error
                }
                if case .sleep = step, !deadline.hasPassed {
                    bell.sleep(ticket, deadline)
                    continue
                }
                bell.giveBack()
            }
            switch step {
            case .done(let value):
                bell.ring()
                return value
            case .ended(let end): throw end
            case .sleep: throw error(.timeout, "nothing came in time")
            case .read:
                defer { stopReading() }
                return try read(deadline, until: take)
            }
        }
    }

    private func read<Value: Sendable>(
        _ deadline: Deadline, until take: @Sendable (inout ChannelState) -> Value?
    ) throws(ChannelError) -> Value {
        var count = 0
        while true {
            let fault = readOne(deadline)
            count += 1
            let (value, end): (Value?, ChannelError?) = locked.withLock { (take(&$0.messages), $0.messages.end) }
            if let value { return value }
            if let end { throw end }
            // What comes for others, however much, does not put the deadline off; who does not wait looks at this many.
            let isLate = deadline.nanoseconds == 0 ? count >= 1024 : deadline.hasPassed
            if case .timeout = fault { throw error(.timeout, "nothing came in time") }
            if isLate { throw error(.timeout, "nothing came in time") }
        }
    }

    /// Hands the next message's bytes to `body`, without a look into them.
    func readEncoded(_ deadline: Deadline, _ body: (UnsafeRawBufferPointer) -> Void) throws(ChannelError) {
        try becomeReader(deadline)
        defer { stopReading() }
        var failure: ChannelError?
        do throws(TransportFault) {
            try transport.receive(deadline) { frame in
                switch frame {
                case .encoded(let bytes):
                    meter.received(bytes.count)
                    body(bytes)
                case .message(let message):
                    meter.received(0)
                    do throws(Message.Fault) {
                        try message.encoded().withUnsafeBytes(body)
                    } catch {
                        meter.failed()
                        failure = self.error(.serialization, error.description)
                    }
                }
            }
        } catch {
            if case .timeout = error { throw self.error(.timeout, "nothing came in time") }
            end(error)
            throw endError ?? failed(.closed)
        }
        if let failure { throw failure }
    }

    /// Waits until nobody else reads.
    private func becomeReader(_ deadline: Deadline) throws(ChannelError) {
        let me = Self.thisThread
        let refusal: ChannelError?? = bell.wait(deadline) {
            locked.withLock { locked -> ChannelError?? in
                if let end = locked.messages.end { return .some(end) }
                if locked.hasPump { return .some(error(.io, "handlers or tasks receive what comes")) }
                if locked.isReading {
                    guard locked.reader == me else { return nil }
                    return .some(error(.io, "a message cannot be received while another one is looked at"))
                }
                locked.isReading = true
                locked.reader = me
                return .some(nil)
            }
        }
        guard let refusal else { throw error(.timeout, "nothing came in time") }
        if let refusal { throw refusal }
    }

    /// Reads one message for whom it concerns; a fault other than the time-out is the end.
    private func readOne(_ deadline: Deadline) -> TransportFault? {
        do throws(TransportFault) {
            try transport.receive(deadline) { frame in accept(frame) }
            return nil
        } catch {
            if case .timeout = error { return error }
            end(error)
            return error
        }
    }

    private func stopReading() {
        locked.withLock {
            $0.isReading = false
            $0.reader = 0
        }
        bell.ring()
    }

    private static var thisThread: UInt {
        #if canImport(Darwin)
            UInt(bitPattern: pthread_self())
        #else
            UInt(pthread_self())
        #endif
    }

    private func accept(_ frame: ReceivedFrame) {
        let arrival: ChannelState.Arrival
        switch frame {
        case .message(let message):
            meter.received(0)
            arrival = .success(message)
        case .encoded(let bytes):
            meter.received(bytes.count)
            do throws(Message.Fault) {
                arrival = .success(try Message(encoded: bytes))
            } catch {
                meter.failed()
                arrival = .failure(self.error(.serialization, error.description))
            }
        }
        let (delivery, waiting) = locked.withLock { ($0.messages.arrived(arrival), $0.messages.waiting) }
        perform(delivery, waiting)
    }

    private func perform(_ delivery: ChannelState.Delivery, _ waiting: Int) {
        switch delivery {
        case .kept:
            meter.queue(waiting)
            bell.ring()
            for waker in locked.withLock({ $0.arrivalWakers }) { waker.wake() }
        case .handOver(let arrival, let continuation):
            continuation.resume(returning: arrival)
        case .answer(let message, let continuation, let asked):
            meter.answered(after: .now - asked)
            continuation.resume(returning: message)
        case .answered(let asked):
            meter.answered(after: .now - asked)
            bell.ring()
        case .pong(let pong):
            // Without room it is left out: to wait here would be to wait for the other end while it may wait for us.
            try? hand(over: .message(pong), .now)
        case .call(let handler, let request):
            call(handler, request)
        case .notify(let handlers, let message):
            for handler in handlers { handler(message) }
        case .fail(let handlers, let error):
            for handler in handlers { handler(error) }
        case .drop:
            break
        }
    }

    private func call(_ handler: ChannelState.Handler, _ request: Message) {
        let answer: Message
        do {
            answer = try handler(request)
        } catch let failure as Message.Failure {
            answer = request.answer(failure)
        } catch {
            meter.failed()
            answer = request.answer(Message.Failure(code: Message.Failure.handlerFailed, message: "\(error)"))
        }
        do throws(ChannelError) {
            try hand(over: .message(answer), .never)
        } catch {
            guard error.code == .serialization || error.code == .sendFailed else { return }
            // The asker learns why it gets no data.
            let failure = Message.Failure(code: Message.Failure.handlerFailed, message: error.message)
            try? hand(over: .message(request.answer(failure)), .never)
        }
    }

    // MARK: A thread that reads

    /// Reads from now on, whoever waits.
    func startPump() {
        let starts = locked.withLock { locked in
            defer { locked.hasPump = true }
            return !locked.hasPump
        }
        guard starts else { return }
        BackgroundThread.start("channel \(name)") { [self] in pump() }
    }

    private func pump() {
        let me = Self.thisThread
        let isOpen: Bool? = bell.wait(.never) {
            locked.withLock { locked in
                if locked.messages.end != nil { return false }
                guard !locked.isReading else { return nil }
                locked.isReading = true
                locked.reader = me
                return true
            }
        }
        guard isOpen == true else { return }
        defer { stopReading() }
        handleKept()
        while true {
            // What nobody takes makes the other end wait, by way of the transport.
            let goesOn: Bool? = bell.wait(.never) {
                locked.withLock { locked in
                    if locked.messages.end != nil { return false }
                    return locked.messages.waiting < capacity ? true : nil
                }
            }
            guard goesOn == true, readOne(.never) == nil else { return }
        }
    }

    /// Gives the handlers what came before they were there.
    private func handleKept() {
        while true {
            let next: (ChannelState.Delivery, Int)? = locked.withLock { locked in
                let handlers = locked.messages.messageHandlers
                guard !handlers.isEmpty, let arrival = locked.messages.take() else { return nil }
                switch arrival {
                case .success(let message): return (.notify(handlers, message), locked.messages.waiting)
                case .failure(let error):
                    return (.fail(locked.messages.failureHandlers, error), locked.messages.waiting)
                }
            }
            guard let next else { return }
            perform(next.0, next.1)
        }
    }

    func change(_ body: @Sendable (inout ChannelState) -> Void) {
        locked.withLock { body(&$0.messages) }
    }

    func wakeAfterSending(_ waker: any Waker) {
        locked.withLock { $0.sendWakers.append(waker) }
        hasSendWakers.store(true, ordering: .releasing)
    }

    func wakeOnArrival(_ waker: any Waker) {
        let isThere = locked.withLock {
            $0.arrivalWakers.append(waker)
            return $0.messages.waiting > 0 || $0.messages.end != nil
        }
        if isThere { waker.wake() }
        startPump()
    }

    // MARK: Tasks

    /// The next arrival; nil at the end or when the task is cancelled.
    func nextArrival() async -> ChannelState.Arrival? {
        startPump()
        let key = locked.withLock { locked in
            defer { locked.nextListener += 1 }
            return locked.nextListener
        }
        let arrival = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<ChannelState.Arrival?, Never>) in
                let (isOver, arrival): (Bool, ChannelState.Arrival?) = locked.withLock { locked in
                    if let arrival = locked.messages.take() { return (true, arrival) }
                    if locked.messages.end != nil || Task.isCancelled { return (true, nil) }
                    locked.messages.listen(key, continuation)
                    return (false, nil)
                }
                if isOver { continuation.resume(returning: arrival) }
            }
        } onCancel: {
            locked.withLock { $0.messages.stopListening(key) }?.resume(returning: nil)
        }
        // The pump may wait for room.
        bell.ring()
        return arrival
    }

    var endError: ChannelError? { locked.withLock { $0.messages.end } }

    // MARK: Requests

    func newID() -> String {
        locked.withLock { $0.messages.newID() }
    }

    /// Asks, and waits on this thread.
    func ask(_ question: Message, _ deadline: Deadline) throws(ChannelError) -> Message {
        guard shutdown.begin() else { throw failed(.closed) }
        defer { shutdown.end() }
        guard let id = question.id else { preconditionFailure("a question has an id") }
        locked.withLock { $0.messages.ask(id, .thread) }
        do throws(ChannelError) {
            try hand(over: .message(question), deadline)
            return try wait(deadline) { $0.takeAnswer(to: id) }
        } catch {
            _ = locked.withLock { $0.messages.giveUp(id) }
            throw error
        }
    }

    /// Asks, and suspends the task.
    func ask(_ question: Message, timeout: Duration?) async throws -> Message {
        guard shutdown.begin() else { throw failed(.closed) }
        defer { shutdown.end() }
        guard let id = question.id else { preconditionFailure("a question has an id") }
        startPump()
        let deadline = Deadline(after: timeout)
        let alarm = timeout.map { timeout in
            Task { [self] in
                try await Task.sleep(for: timeout)
                giveUp(id, error(.timeout, "no answer came in \(timeout)"))
            }
        }
        defer { alarm?.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Message, any Error>) in
                let refusal: (any Error)? = locked.withLock { locked in
                    if Task.isCancelled { return CancellationError() }
                    if let end = locked.messages.end { return end }
                    // The alarm may have found nothing to give up.
                    if deadline.hasPassed { return error(.timeout, "no answer came in \(timeout ?? .zero)") }
                    locked.messages.ask(id, .task(continuation))
                    return nil
                }
                if let refusal {
                    continuation.resume(throwing: refusal)
                    return
                }
                do throws(ChannelError) {
                    try hand(over: .message(question), deadline)
                } catch {
                    giveUp(id, error)
                }
            }
        } onCancel: {
            giveUp(id, CancellationError())
        }
    }

    private func giveUp(_ id: String, _ error: any Error) {
        locked.withLock { $0.messages.giveUp(id) }?.resume(throwing: error)
    }

    // MARK: End

    private func end(_ fault: TransportFault) {
        let reason: ChannelError
        switch fault {
        case .closed: reason = error(.disconnected, "it was closed")
        case .broken(let text):
            reason = error(.receiveFailed, "the other end broke the protocol: \(text)")
            meter.failed()
            transport.close()
        case .system(let text):
            reason = error(.io, text)
            meter.failed()
        default: reason = error(.disconnected, "the other end is gone, or sends nothing more")
        }
        // The other end has ended its direction; so do we.
        transport.finish()
        let (told, action) = locked.withLock { locked in
            (locked.messages.ended(reason), locked.shutdownAction.take())
        }
        for continuation in told.listeners { continuation.resume(returning: nil) }
        for continuation in told.askers { continuation.resume(throwing: reason) }
        shutdown.forget(action)
        bell.ring()
        for waker in locked.withLock({ $0.arrivalWakers }) { waker.wake() }
    }

    /// Waits until what was accepted has been handed over and what was asked has been answered.
    func drain(_ timeout: Duration?) throws(ChannelError) {
        let deadline = Deadline(after: timeout)
        let left = deadline.remaining.map { Duration.nanoseconds($0) }
        guard shutdown.waitForDrain(timeout: left), transport.drain(deadline) else {
            throw error(
                .timeout, "\(transport.queued) messages and \(shutdown.operations) operations were still under way")
        }
    }

    func close() {
        transport.close()
        end(.closed)
    }
}

/// What a thread that waits does next.
private enum WaitStep<Value: Sendable>: Sendable {
    case done(Value)
    case ended(ChannelError)
    case read
    case sleep
}
