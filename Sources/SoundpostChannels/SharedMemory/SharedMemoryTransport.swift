internal import CSoundpostShims
internal import Synchronization

/// Messages in JSON over a shared-memory connection. A message that is longer than half of a ring goes in several records.
final class SharedMemoryTransport: Transport {
    var kind: ChannelKind { .sharedMemory }
    private let connection: RingConnection
    /// True once nothing more is sent.
    private let sending = Mutex(false)
    /// What has come of a message that goes on.
    private let receiving = Mutex<[UInt8]>([])
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
        let fault: TransportFault? = receiving.withLock { begun in
            do throws(RingFault) {
                let message = try read(after: &begun, deadline)
                message.withUnsafeBytes { body(.encoded($0)) }
                return nil
            } catch {
                return error.asTransportFault
            }
        }
        if let fault { throw fault }
    }

    /// - Parameter begun: Stays until the rest is there, so that a deadline counts for every record of a message.
    private func read(after begun: inout [UInt8], _ deadline: Deadline) throws(RingFault) -> [UInt8] {
        let reader = connection.reader
        while true {
            let record = try reader.take(deadline)
            guard begun.count + record.bytes.count <= Message.maximumBytes else {
                let fault = RingFault.broken("a message longer than \(Message.maximumBytes) bytes")
                reader.refuse(fault)
                throw fault
            }
            // Else there could be endlessly many.
            guard !record.moreFollows || !record.bytes.isEmpty else {
                let fault = RingFault.broken("an empty record that goes on")
                reader.refuse(fault)
                throw fault
            }
            // Copied before it is looked into: the other end can change what lies in the region.
            begun += record.bytes
            reader.release()
            guard record.moreFollows else { break }
        }
        defer { begun = [] }
        return begun
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
