internal import Synchronization

/// Messages between threads of one process. Nothing is encoded, and who sends takes no lock while there is room.
final class ThreadTransport: Transport {
    /// One direction.
    final class Lane: Sendable {
        let queue: BoundedQueue<Frame>
        let policy: BackPressure
        /// Rings when something came, or the end.
        let arrival = Doorbell()
        /// Rings when something was taken, or the lane was closed.
        let room = Doorbell()
        /// Nobody will take anything any more.
        let isAbandoned = Atomic(false)
        let dropped = Atomic(0)
        let peak = Atomic(0)

        init(capacity: Int, policy: BackPressure) {
            queue = BoundedQueue(capacity: capacity)
            self.policy = policy
        }
    }

    var kind: ChannelKind { .thread }
    private let outgoing: Lane
    private let incoming: Lane
    private let isClosed = Atomic(false)

    init(outgoing: Lane, incoming: Lane) {
        self.outgoing = outgoing
        self.incoming = incoming
    }

    func send(_ frame: Frame, _ deadline: Deadline, waits: Bool) throws(TransportFault) -> Int {
        if outgoing.isAbandoned.load(ordering: .acquiring) { throw .ended }
        if case .message(let message) = frame {
            do throws(Message.Fault) {
                try message.check()
            } catch {
                throw error.asTransportFault
            }
        }
        if !outgoing.queue.add(frame) {
            try addToFull(frame, deadline, waits ? .wait : outgoing.policy)
        }
        let count = outgoing.queue.count
        if count > outgoing.peak.load(ordering: .relaxed) { outgoing.peak.max(count, ordering: .relaxed) }
        outgoing.arrival.ring()
        return 0
    }

    private func addToFull(
        _ frame: Frame, _ deadline: Deadline, _ policy: BackPressure
    ) throws(TransportFault) {
        if outgoing.queue.isClosed { throw .closed }
        switch policy {
        case .fail:
            throw .full
        case .dropOldest:
            while !outgoing.queue.add(frame) {
                if outgoing.queue.isClosed { throw .closed }
                if outgoing.queue.take() != nil { outgoing.dropped.add(1, ordering: .relaxed) }
            }
        case .wait:
            let result: Result<Void, TransportFault>? = outgoing.room.wait(deadline) {
                if outgoing.isAbandoned.load(ordering: .acquiring) { return .failure(.ended) }
                if outgoing.queue.isClosed { return .failure(.closed) }
                return outgoing.queue.add(frame) ? .success(()) : nil
            }
            guard let result else { throw .timeout }
            try result.get()
        }
    }

    func receive(_ deadline: Deadline, _ body: (ReceivedFrame) -> Void) throws(TransportFault) {
        let result: Result<Frame, TransportFault>? = incoming.arrival.wait(deadline) {
            if isClosed.load(ordering: .acquiring) { return .failure(.closed) }
            if let frame = incoming.queue.take() { return .success(frame) }
            return incoming.queue.isAtEnd ? .failure(.ended) : nil
        }
        guard let result else { throw .timeout }
        let frame = try result.get()
        incoming.room.ring()
        switch frame {
        case .message(let message): body(.message(message))
        case .encoded(let bytes): bytes.withUnsafeBytes { body(.encoded($0)) }
        }
    }

    func finish() {
        outgoing.queue.close()
        outgoing.arrival.ring()
        outgoing.room.ring()
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
        finish()
        incoming.isAbandoned.store(true, ordering: .releasing)
        incoming.arrival.ring()
        incoming.room.ring()
    }

    var queued: Int { outgoing.queue.count }
    var peakQueued: Int { outgoing.peak.load(ordering: .relaxed) }

    func drain(_ deadline: Deadline) throws(TransportFault) {
        let result: Result<Void, TransportFault>? = outgoing.room.wait(deadline) {
            if outgoing.queue.count == 0 { return .success(()) }
            return outgoing.isAbandoned.load(ordering: .acquiring) ? .failure(.ended) : nil
        }
        guard let result else { throw .timeout }
        try result.get()
    }

    var dropped: Int { outgoing.dropped.load(ordering: .relaxed) }
}
