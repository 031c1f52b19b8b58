internal import Synchronization

/// How a channel ends.
extension ChannelCore {
    var endError: ChannelError? { locked.withLock { $0.messages.end } }

    /// Tells the other end that nothing follows, once a shutdown has begun or the other end has ended, and nothing is
    /// owed any more. Never waits.
    func finishIfDone() {
        let (isDone, _): (Bool, [any Waker]) = locked.withLock { locked in
            guard locked.messages.owesNothing(isShutdown: shutdown.isShutdown) else { return (false, []) }
            // They may refer to the channel, so they are let go of outside of the lock.
            defer { locked.sendWakers = [] }
            return (true, locked.sendWakers)
        }
        if isDone { transport.finish() }
    }

    /// Nothing comes any more.
    func end(_ fault: TransportFault) {
        let reason: ChannelError
        var isClosed = false
        switch fault {
        case .closed:
            reason = error(.disconnected, "it was closed")
            isClosed = true
        case .broken(let text):
            reason = error(.receiveFailed, "the other end broke the protocol: \(text)")
            meter.failed()
            transport.close()
        case .system(let text):
            reason = error(.io, text)
            meter.failed()
        default: reason = error(.disconnected, "the other end is gone, or sends nothing more")
        }
        let (farewell, action, wakers) = locked.withLock { locked in
            let farewell = locked.messages.ended(reason, isClosed: isClosed)
            defer { locked.arrivalWakers = [] }
            return (farewell, isClosed ? locked.shutdownAction.take() : nil, locked.arrivalWakers)
        }
        for continuation in farewell.listeners { continuation.resume(returning: nil) }
        for continuation in farewell.askers { continuation.resume(throwing: reason) }
        for _ in 0..<farewell.unanswered { shutdown.end() }
        finishIfDone()
        bell.ring()
        workBell.ring()
        for waker in wakers { waker.wake() }
        shutdown.forget(action)
    }

    /// Waits until what was accepted has been handed over and what was asked has been answered.
    func drain(_ timeout: Duration?) throws(ChannelError) {
        let deadline = Deadline(after: timeout)
        let left = deadline.remaining.map { Duration.nanoseconds($0) }
        guard shutdown.waitForDrain(timeout: left) else { throw stillUnderWay }
        do throws(TransportFault) {
            try transport.drain(deadline)
        } catch {
            if case .timeout = error { throw stillUnderWay }
            throw failed(error)
        }
    }

    private var stillUnderWay: ChannelError {
        error(.timeout, "\(transport.queued) messages and \(shutdown.operations) operations were still under way")
    }

    func close() {
        transport.close()
        end(.closed)
    }
}
