internal import Synchronization

/// Those who wait for a message or an answer.
extension ChannelCore {
    /// The next arrival; nil at the end or when the task is cancelled.
    func nextArrival() async -> ChannelState.Arrival? {
        // Before anything is read, so that nothing is given up.
        let key = locked.withLock { locked in
            defer { locked.nextListener += 1 }
            locked.messages.hasReceiver = true
            return locked.nextListener
        }
        startPump()
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
        if arrival == nil { finishIfDone() }
        return arrival
    }

    func newID() -> String {
        locked.withLock { $0.messages.newID() }
    }

    /// Asks, and waits on this thread.
    func ask(_ question: Message, _ deadline: Deadline) throws(ChannelError) -> Message {
        guard shutdown.begin() else { throw failed(.closed) }
        defer { shutdown.end() }
        guard let id = question.id else { preconditionFailure("a question has an id") }
        locked.withLock { $0.messages.ask(question, id, .thread) }
        // From now on the pump does not wait for receivers.
        bell.ring()
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
                    locked.messages.ask(question, id, .task(continuation))
                    return nil
                }
                if let refusal {
                    continuation.resume(throwing: refusal)
                    return
                }
                bell.ring()
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
}
