internal import CSoundpostShims
internal import Synchronization

/// Messages in JSON over a shared-memory connection. A message that is longer than half of a ring goes in several records.
final class SharedMemoryTransport: Transport {
    var kind: ChannelKind { .sharedMemory }
    private let connection: RingConnection
    /// True once nothing more is sent.
    private let sending = Mutex(false)
    private let receiving = Mutex(())
    private let finishing = CloseFlag()

    init(_ connection: RingConnection) {
        self.connection = connection
    }

    func send(_ frame: Frame, _ deadline: Deadline) throws(TransportFault) -> Int {
        let bytes: [UInt8]
        switch frame {
        case .encoded(let encoded): bytes = encoded
        case .message(let message):
            do {
                bytes = try message.encoded()
            } catch {
                throw error.asTransportFault
            }
        }
        let fault: TransportFault? = sending.withLock { hasFinished in
            guard !hasFinished else { return .closed }
            return bytes.withUnsafeBytes { write($0, deadline) }
        }
        finishIfAsked()
        if let fault { throw fault }
        return bytes.count
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ deadline: Deadline) -> TransportFault? {
        let writer = connection.writer
        let limit = bytes.count <= writer.largestRecord ? bytes.count : connection.ringBytes / 4
        var rest = bytes
        do throws(RingFault) {
            repeat {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(limit))
                // Half a message cannot be taken back, so the deadline is the first record's.
                let room = try writer.reserve(part.count, rest.count == bytes.count ? deadline : .never)
                room.copyMemory(from: part)
                rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
                writer.publish(part.count, moreFollows: !rest.isEmpty)
            } while !rest.isEmpty
            return nil
        } catch {
            return error.asTransportFault
        }
    }

    func receive(_ deadline: Deadline, _ body: (ReceivedFrame) -> Void) throws(TransportFault) {
        let fault: TransportFault? = receiving.withLock { _ in
            do throws(RingFault) {
                try read(deadline, body)
                return nil
            } catch {
                return error.asTransportFault
            }
        }
        if let fault { throw fault }
    }

    private func read(_ deadline: Deadline, _ body: (ReceivedFrame) -> Void) throws(RingFault) {
        let reader = connection.reader
        var record = try reader.take(deadline)
        // Copied before it is looked into: the other end can change what lies in the region.
        var message = Array(record.bytes)
        reader.release()
        while record.moreFollows {
            // The rest of a message is on its way, unless the other end dies.
            record = try reader.take(.never)
            guard message.count + record.bytes.count <= Message.maximumBytes else {
                throw .broken("a message longer than \(Message.maximumBytes) bytes")
            }
            message += record.bytes
            reader.release()
        }
        guard message.count <= Message.maximumBytes else {
            throw .broken("a message longer than \(Message.maximumBytes) bytes")
        }
        message.withUnsafeBytes { body(.encoded($0)) }
    }

    func finish() {
        guard finishing.set() else { return }
        finishIfAsked()
    }

    /// Ends the outgoing ring when that was asked for and nobody is sending; who is sending asks again afterwards.
    ///
    /// The fence: either the one who asks finds nobody sending, or the one who sends finds that it was asked.
    private func finishIfAsked() {
        soundpost_full_fence()
        guard finishing.value else { return }
        _ = sending.withLockIfAvailable { hasFinished in
            guard !hasFinished else { return }
            hasFinished = true
            connection.end()
        }
    }

    func close() {
        connection.close()
    }

    var queued: Int { 0 }
    func drain(_ deadline: Deadline) -> Bool { true }
    var dropped: Int { 0 }
}

extension RingFault {
    fileprivate var asTransportFault: TransportFault {
        switch self {
        case .timeout: .timeout
        case .closed: .closed
        case .ended: .ended
        case .broken(let text): .broken(text)
        case .tooLarge(let limit): .tooLarge("a record may have \(limit) bytes")
        }
    }
}
