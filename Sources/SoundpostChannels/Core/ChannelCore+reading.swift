internal import Synchronization

/// Who reads what comes.
///
/// Nobody reads all the time. A thread that waits for a message or an answer, and finds nobody reading, reads, for
/// everybody, until it has what it waits for; then another one that waits takes over. So a thread that talks to the
/// other end alone sleeps in the kernel only once for each answer. Where tasks or handlers receive, a thread of the
/// channel's own reads (`pump`). Who reads never sends and never runs a handler, so two ends that write to each other
/// without reading cannot wait for each other in here.
extension ChannelCore {
    /// The next message or an unreadable one, for a thread that receives.
    func receive(_ deadline: Deadline) throws(ChannelError) -> ChannelState.Arrival {
        do throws(ChannelError) {
            return try wait(deadline) { $0.take() }
        } catch {
            finishIfDone()
            throw error
        }
    }

    /// What a thread that waits does next.
    private enum WaitStep<Value: Sendable>: Sendable {
        case done(Value)
        case ended(ChannelError)
        case read
        case sleep
    }

    /// Waits until `take` finds what it looks for.
    func wait<Value: Sendable>(
        _ deadline: Deadline, for take: @Sendable (inout ChannelState) -> Value?
    ) throws(ChannelError) -> Value {
        while true {
            var step = try look(take)
            if case .sleep = step {
                let ticket = bell.ticket()
                do throws(ChannelError) {
                    step = try look(take)
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
                if let value = try read(deadline, until: take) { return value }
            }
        }
    }

    private func look<Value: Sendable>(
        _ take: @Sendable (inout ChannelState) -> Value?
    ) throws(ChannelError) -> WaitStep<Value> {
        let me = Self.thisThread
        let (step, isOwn): (WaitStep<Value>, Bool) = locked.withLock { locked in
            if let value = take(&locked.messages) { return (.done(value), false) }
            if let end = locked.messages.end { return (.ended(end), false) }
            guard !locked.isReading else { return (.sleep, locked.reader == me) }
            guard !locked.messages.hasPump else { return (.sleep, false) }
            locked.isReading = true
            locked.reader = me
            return (.read, false)
        }
        if isOwn { throw error(.io, "a message cannot be received while another one is looked at") }
        return step
    }

    /// Reads until `take` finds what it looks for; nil when the channel's own thread shall read from now on, which can
    /// wait for room.
    private func read<Value: Sendable>(
        _ deadline: Deadline, until take: @Sendable (inout ChannelState) -> Value?
    ) throws(ChannelError) -> Value? {
        var count = 0
        while true {
            let fault = readOne(deadline)
            count += 1
            let (value, end, hasPump): (Value?, ChannelError?, Bool) = locked.withLock { locked in
                (take(&locked.messages), locked.messages.end, locked.messages.hasPump)
            }
            if let value { return value }
            if let end { throw end }
            if hasPump { return nil }
            // What comes for others, however much, does not put the deadline off; who does not wait looks at this many.
            let isLate = deadline.nanoseconds == 0 ? count >= 1024 : deadline.hasPassed
            if case .timeout = fault { throw error(.timeout, "nothing came in time") }
            if isLate { throw error(.timeout, "nothing came in time") }
        }
    }

    /// Hands the next message's bytes to `body`, without a look into them.
    func readEncoded(_ deadline: Deadline, _ body: (UnsafeRawBufferPointer) -> Void) throws(ChannelError) {
        do throws(ChannelError) {
            try becomeReader(deadline)
        } catch {
            finishIfDone()
            throw error
        }
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
            locked.withLock { $0.messages.isEndReported = true }
            finishIfDone()
            throw endError ?? failed(.closed)
        }
        if let failure { throw failure }
    }

    /// Waits until nobody else reads.
    private func becomeReader(_ deadline: Deadline) throws(ChannelError) {
        let me = Self.thisThread
        let refusal: ChannelError?? = bell.wait(deadline) {
            locked.withLock { locked -> ChannelError?? in
                if let end = locked.messages.end {
                    locked.messages.isEndReported = true
                    return .some(end)
                }
                if locked.messages.hasPump { return .some(error(.io, "handlers or tasks receive what comes")) }
                if locked.isReading {
                    guard locked.reader == me else { return nil }
                    return .some(error(.io, "a message cannot be received while another one is looked at"))
                }
                locked.messages.hasReceiver = true
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

    private func accept(_ frame: ReceivedFrame) {
        let arrival: ChannelState.Arrival
        var length = 0
        switch frame {
        case .message(let message):
            arrival = .success(message)
        case .encoded(let bytes):
            length = bytes.count
            do throws(Message.Fault) {
                arrival = .success(try Message(encoded: bytes))
            } catch {
                meter.failed()
                arrival = .failure(self.error(.serialization, error.description))
            }
        }
        let (delivery, waiting) = locked.withLock { locked in
            let delivery = locked.messages.arrived(
                arrival, bytes: length, isShutdown: shutdown.isShutdown, begin: shutdown.begin)
            return (delivery, locked.messages.waiting)
        }
        meter.received(length)
        switch delivery {
        case .kept:
            meter.queue(waiting)
            bell.ring()
            wakeReceivers()
        case .work:
            meter.queue(waiting)
            startWorker()
        case .handOver(let arrival, let continuation):
            continuation.resume(returning: arrival)
        case .answer(let message, let continuation, let asked):
            meter.answered(after: .now - asked)
            continuation.resume(returning: message)
        case .answered(let asked):
            meter.answered(after: .now - asked)
            bell.ring()
        case .drop:
            break
        }
    }

    // MARK: A thread that reads

    /// Reads from now on, whoever waits.
    func startPump() {
        let starts = locked.withLock { locked in
            defer { locked.messages.hasPump = true }
            return !locked.messages.hasPump
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
        while true {
            // What nobody takes makes the other end wait, by way of the transport.
            let goesOn: Bool? = bell.wait(.never) {
                locked.withLock { locked in
                    if locked.messages.end != nil { return false }
                    return locked.messages.isFull ? nil : true
                }
            }
            guard goesOn == true, readOne(.never) == nil else { return }
        }
    }

    func wakeOnArrival(_ waker: any Waker) {
        let isThere = locked.withLock { locked in
            locked.messages.hasReceiver = true
            guard locked.messages.end == nil else { return true }
            locked.arrivalWakers.append(waker)
            return locked.messages.waiting > 0
        }
        if isThere { waker.wake() }
        startPump()
    }

    func wakeReceivers() {
        for waker in locked.withLock({ $0.arrivalWakers }) { waker.wake() }
    }
}
