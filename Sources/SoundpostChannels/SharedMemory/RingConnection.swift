#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Synchronization

/// Two processes that share memory: a ring to write to and a ring to read from, without copies.
///
///     let connection = try RingConnection.connect("meters", codec: .raw)
///     while let record = try connection.borrow() {
///         use(record.bytes)
///     }
///
/// Sending and receiving may go on in two threads at the same time, one each. `close` may be called from any thread and
/// wakes both. For messages in JSON make a `Channel` of it instead (`Channel.connectSharedMemory`).
public final class RingConnection: @unchecked Sendable {
    // Unchecked: writer and reader are each for one thread at a time, as said above; everything else is constant.
    public let name: String
    public let writer: RingWriter
    public let reader: RingReader
    private let outgoing: Ring
    private let incoming: Ring
    /// The words of both rings are in it.
    private let region: Region
    let lock: Descriptor
    /// Name of the region's memory, if this end made it with one.
    private let segment: String?
    private let isClosed = CloseFlag()

    /// - Parameter lock: The connection over which the region was handed over.
    init(
        _ name: String, _ region: Region, lock: Descriptor, isCreator: Bool, segment: String? = nil, wait: WaitStrategy
    ) {
        self.name = name
        self.region = region
        self.lock = lock
        self.segment = segment
        outgoing = region.ring(isCreator ? RegionLayout.ringA : RegionLayout.ringB)
        incoming = region.ring(isCreator ? RegionLayout.ringB : RegionLayout.ringA)
        // One each: they remember what became of looking, in two threads.
        writer = RingWriter(outgoing, region, RingSleep(lock: lock, isClosed: isClosed, strategy: wait))
        reader = RingReader(incoming, region, RingSleep(lock: lock, isClosed: isClosed, strategy: wait))
    }

    deinit {
        close()
    }

    public var ringBytes: Int { region.ringBytes }

    /// Says that this end sends nothing more. What was published is still read by the other end.
    public func end() {
        writer.end()
    }

    /// Lets go. Both ends wake; the other one reads what is left and then sees the end.
    public func close() {
        guard isClosed.set() else { return }
        lock.letGo()
        // Gone already, unless the other end never opened it.
        if let segment { shm_unlink(segment) }
        // So that an end that is about to sleep sees it at its second look; the socket it would only look at later.
        outgoing.ended.pointee.store(1, ordering: .releasing)
        for word in [outgoing.dataWait, outgoing.spaceWait, incoming.dataWait, incoming.spaceWait] {
            RingSleep.wakeAnyway(word)
        }
    }

    // MARK: Loan and borrow

    /// Memory that this end fills and then publishes. Given up, it was never there.
    public struct Loan: ~Copyable {
        /// Not cleared; aligned to 8 bytes.
        public let bytes: UnsafeMutableRawBufferPointer
        private let connection: RingConnection

        fileprivate init(_ bytes: UnsafeMutableRawBufferPointer, _ connection: RingConnection) {
            self.bytes = bytes
            self.connection = connection
        }

        /// One that was published is not the writer's any more.
        deinit {
            connection.writer.giveUpLoan()
        }

        /// Shows the other end the first `count` bytes, or all.
        public consuming func publish(_ count: Int? = nil) {
            let count = count ?? bytes.count
            precondition((0...bytes.count).contains(count), "more than was lent cannot be published")
            connection.writer.publish(count)
        }

        /// The same as letting it go out of scope.
        public consuming func giveUp() {}
    }

    /// A record where it lies; given back when this goes away.
    ///
    /// The other end can change the bytes while they are looked at. Where that matters, copy them before they are
    /// checked.
    public struct Borrow: ~Copyable {
        public let bytes: UnsafeRawBufferPointer
        private let connection: RingConnection

        fileprivate init(_ bytes: UnsafeRawBufferPointer, _ connection: RingConnection) {
            self.bytes = bytes
            self.connection = connection
        }

        deinit {
            connection.reader.release()
        }
    }

    /// Lends memory to `fill`, and publishes it: the same as `loan` at less cost, for small records.
    ///
    /// - Throws: as `loan`.
    @available(*, noasync, message: "waits on the calling thread")
    public func write(
        _ count: Int, timeout: Duration? = nil, _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(ChannelError) {
        do throws(RingFault) {
            fill(try writer.reserve(count, Deadline(after: timeout)))
            writer.publish(count)
        } catch {
            if case .broken = error { close() }
            throw error.onSending(name)
        }
    }

    /// Waits for the next record and lends it to `use`: the same as `borrow` at less cost, for small records.
    ///
    /// - Returns: False once the other end has ended or is gone and everything it published has been read.
    /// - Throws: as `borrow`.
    @available(*, noasync, message: "waits on the calling thread")
    public func read(
        timeout: Duration? = nil, _ use: (UnsafeRawBufferPointer) -> Void
    ) throws(ChannelError) -> Bool {
        do throws(RingFault) {
            use(try nextRecord(Deadline(after: timeout)))
            reader.release()
            return true
        } catch {
            if let error = onReceiving(error) { throw error }
            return false
        }
    }

    /// Waits for room.
    ///
    /// - Parameter count: At most half of `ringBytes`.
    /// - Throws: `timeout`, `disconnected`, `sendFailed`.
    @available(*, noasync, message: "waits on the calling thread")
    public func loan(_ count: Int, timeout: Duration? = nil) throws(ChannelError) -> Loan {
        do throws(RingFault) {
            return Loan(try writer.reserve(count, Deadline(after: timeout)), self)
        } catch {
            if case .broken = error { close() }
            throw error.onSending(name)
        }
    }

    /// Waits for the next record; nil once the other end has ended or is gone and everything it published has been
    /// read.
    ///
    /// - Throws: `timeout`, `receiveFailed`.
    @available(*, noasync, message: "waits on the calling thread")
    public func borrow(timeout: Duration? = nil) throws(ChannelError) -> Borrow? {
        do throws(RingFault) {
            return Borrow(try nextRecord(Deadline(after: timeout)), self)
        } catch {
            if let error = onReceiving(error) { throw error }
            return nil
        }
    }

    private func nextRecord(_ deadline: Deadline) throws(RingFault) -> UnsafeRawBufferPointer {
        let record = try reader.take(deadline)
        guard !record.moreFollows else {
            let fault = RingFault.broken("a record that goes on, which a raw connection has not")
            reader.refuse(fault)
            throw fault
        }
        return record.bytes
    }

    /// Nil at the end.
    private func onReceiving(_ fault: RingFault) -> ChannelError? {
        switch fault {
        case .ended, .closed: return nil
        case .timeout: return ChannelError(.timeout, channel: name, "nothing came in time")
        case .broken(let text):
            close()
            return ChannelError(.receiveFailed, channel: name, "the other end broke the protocol: \(text)")
        case .tooLarge(let limit):
            return ChannelError(.receiveFailed, channel: name, "a record longer than \(limit) bytes")
        }
    }
}

extension RingFault {
    fileprivate func onSending(_ channel: String) -> ChannelError {
        switch self {
        case .timeout: ChannelError(.timeout, channel: channel, "no room came in time")
        case .closed: ChannelError(.disconnected, channel: channel, "it was closed")
        case .ended: ChannelError(.disconnected, channel: channel, "the other end is gone")
        case .broken(let text): ChannelError(.sendFailed, channel: channel, "the other end broke the protocol: \(text)")
        case .tooLarge(let limit): ChannelError(.sendFailed, channel: channel, "a record may have \(limit) bytes")
        }
    }
}
