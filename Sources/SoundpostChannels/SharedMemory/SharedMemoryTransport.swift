internal import CSoundpostShims
internal import Synchronization

/// Messages in JSON over a shared-memory connection. A message that is longer than half of a ring goes in several
/// records.
final class SharedMemoryTransport: Transport {
    var kind: ChannelKind { .sharedMemory }
    private let connection: RingConnection
    private let sending = SendLock(Sending())
    /// What has come of a message that goes on.
    private let receiving = Mutex<[UInt8]>([])
    private let finishing = CloseFlag()

    private struct Sending {
        /// Nothing more is sent.
        var hasFinished = false
        /// What is left to be written of a message whose sender's time was up.
        var rest: [UInt8] = []
    }

    init(_ connection: RingConnection) {
        self.connection = connection
    }

    func send(_ frame: Frame, _ deadline: Deadline, waits _: Bool) throws(TransportFault) -> Int {
        let bytes = try frame.encoded()
        let result: Result<Void, TransportFault>? = sending.withLock(deadline) { sending in
            guard !sending.hasFinished else { return .failure(.closed) }
            var fault: TransportFault?
            if !sending.rest.isEmpty {
                let begun = sending.rest
                sending.rest = []
                fault = begun.withUnsafeBytes { write($0, deadline, &sending.rest) }
                if case .timeout = fault, sending.rest.isEmpty { sending.rest = begun }
            }
            fault = fault ?? bytes.withUnsafeBytes { write($0, deadline, &sending.rest) }
            return fault.map { .failure($0) } ?? .success(())
        }
        finishIfAsked()
        guard let result else { throw .timeout }
        try result.get()
        return bytes.count
    }

    /// - Parameter left: Becomes what is left when the time is up in the middle: half a message cannot be taken back,
    ///   so it goes before the next one.
    private func write(
        _ bytes: UnsafeRawBufferPointer, _ deadline: Deadline, _ left: inout [UInt8]
    ) -> TransportFault? {
        let writer = connection.writer
        let limit = bytes.count <= writer.largestRecord ? bytes.count : connection.ringBytes / 4
        var rest = bytes
        do throws(RingFault) {
            repeat {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(limit))
                let room = try writer.reserve(part.count, deadline)
                room.copyMemory(from: part)
                rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
                writer.publish(part.count, moreFollows: !rest.isEmpty)
            } while !rest.isEmpty
            return nil
        } catch {
            if case .timeout = error, rest.count < bytes.count { left = Array(rest) }
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
        soundpost_full_fence()
        finishIfAsked()
    }

    /// Ends the outgoing ring when that was asked for and nobody is sending; who is sending asks again afterwards.
    ///
    /// After a fence on both sides: either the one who asks finds nobody sending, or the one who sends finds that it
    /// was asked.
    private func finishIfAsked() {
        guard finishing.value else { return }
        sending.withLockIfAvailable { sending in
            guard !sending.hasFinished else { return }
            sending.hasFinished = true
            connection.end()
        }
    }

    func close() {
        connection.close()
    }
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
