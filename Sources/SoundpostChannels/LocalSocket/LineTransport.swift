#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Synchronization

/// Messages as lines of JSON over a stream socket, or over two pipes.
///
/// A message goes out in one system call where the kernel has room for it, and what has come in is read many lines at a
/// time. Without a deadline a socket is read by a plain blocking call, which `close` ends.
final class LineTransport: Transport {
    let kind: ChannelKind
    private let input: Descriptor
    private let output: Descriptor
    private let isSocket: Bool
    /// Pipes: readable once this end is closed, because a read of a pipe cannot be ended otherwise.
    private let alarm: (reader: Descriptor, writer: Descriptor)?
    /// What is left to be written of a line whose sender's time was up.
    private let sending = SendLock<[UInt8]>([])
    private let receiving = Mutex(LineBuffer(limit: Message.maximumBytes))
    private let isClosed = Atomic(false)
    private let finishing = Atomic(false)
    private let hasFinished = Atomic(false)

    /// - Parameter socket: A connected stream socket, which this takes over.
    init(socket: Int32) {
        kind = .localSocket
        input = Descriptor(socket)
        output = input
        isSocket = true
        alarm = nil
    }

    /// - Parameters: Two open descriptors, which this takes over.
    init(reading: Int32, writing: Int32, alarm pipe: (reader: Int32, writer: Int32)) {
        kind = .stdio
        input = Descriptor(reading)
        output = Descriptor(writing)
        isSocket = false
        alarm = (Descriptor(pipe.reader), Descriptor(pipe.writer))
    }

    // MARK: Sending

    func send(_ frame: Frame, _ deadline: Deadline, waits _: Bool) throws(TransportFault) -> Int {
        let line = try frame.encoded()
        // Not a closure's result: a lock knows no typed errors.
        let result: Result<Void, TransportFault>? = sending.withLock(deadline) { rest in
            guard !hasFinished.load(ordering: .acquiring) else { return .failure(.closed) }
            var fault: TransportFault?
            if !rest.isEmpty {
                // The line's end is still to come.
                let begun = rest
                rest = []
                fault = begun.withUnsafeBytes { write(line: $0.dropLast(), deadline, &rest) }
                if case .timeout = fault, rest.isEmpty { rest = begun }
            }
            fault = fault ?? line.withUnsafeBytes { write(line: $0[...], deadline, &rest) }
            // Part of the line may be out, and nothing can follow it.
            if case .system = fault { close() }
            return fault.map { .failure($0) } ?? .success(())
        }
        finishIfAsked()
        guard let result else { throw .timeout }
        try result.get()
        return line.count
    }

    /// Writes all of it and the line's end.
    ///
    /// - Parameter rest: Becomes what is left, the line's end included, when the time is up in the middle: half a line
    ///   cannot be taken back, so it goes before the next one.
    private func write(
        line slice: Slice<UnsafeRawBufferPointer>, _ deadline: Deadline, _ rest: inout [UInt8]
    ) -> TransportFault? {
        let line = UnsafeRawBufferPointer(rebasing: slice)
        var sent = 0
        while sent <= line.count {
            if isClosed.load(ordering: .acquiring) { return .closed }
            let count = attempt(UnsafeRawBufferPointer(rebasing: line[sent...]), deadline)
            if count > 0 {
                sent += count
            } else if count == -Int(EAGAIN) || count == -Int(EWOULDBLOCK) {
                guard waitFor(output, POLLOUT, deadline) == 0 else { continue }
                if sent > 0 { rest = Array(line[sent...]) + [UInt8(ascii: "\n")] }
                return .timeout
            } else if isClosed.load(ordering: .acquiring) {
                return .closed
            } else {
                let code = Int32(-count)
                return code == EPIPE || code == ECONNRESET ? .ended : .system(SystemError.text(code))
            }
        }
        return nil
    }

    /// Writes what the kernel takes of the rest of a line and its end: how many bytes, or the negative errno. A socket
    /// waits for room by itself where there is no deadline; `close` wakes it.
    private func attempt(_ rest: UnsafeRawBufferPointer, _ deadline: Deadline) -> Int {
        if isSocket {
            return soundpost_send_line(output.number, rest.baseAddress, rest.count, deadline.nanoseconds == nil)
        }
        // A pipe that poll says is writable takes PIPE_BUF bytes without blocking. A full one without a reader is not
        // writable; writing says why.
        guard output.wait(for: Int32(POLLOUT), .now) & Int32(POLLOUT | POLLERR | POLLHUP) != 0 else {
            return -Int(EAGAIN)
        }
        return soundpost_write_line(output.number, rest.baseAddress, rest.count, Int(PIPE_BUF))
    }

    func finish() {
        finishing.store(true, ordering: .sequentiallyConsistent)
        soundpost_full_fence()
        finishIfAsked()
    }

    /// Ends the outgoing direction when that was asked for and nobody is sending; who is sending asks again afterwards.
    ///
    /// After a fence on both sides: either the one who asks finds nobody sending, or the one who sends finds that it
    /// was asked.
    private func finishIfAsked() {
        guard finishing.load(ordering: .sequentiallyConsistent) else { return }
        sending.withLockIfAvailable { _ in
            guard !hasFinished.exchange(true, ordering: .acquiringAndReleasing) else { return }
            if isSocket {
                shutdown(output.number, Int32(SHUT_WR))
            } else {
                output.letGo()
            }
        }
    }

    // MARK: Receiving

    func receive(_ deadline: Deadline, _ body: (ReceivedFrame) -> Void) throws(TransportFault) {
        let fault: TransportFault? = receiving.withLock { buffer in
            while true {
                if let line = buffer.nextLine() {
                    guard line.count <= Message.maximumBytes else { return Self.tooLong }
                    body(.encoded(line))
                    return nil
                }
                if buffer.isTooLong { return Self.tooLong }
                if let fault = read(into: &buffer, deadline) { return fault }
            }
        }
        if let fault { throw fault }
    }

    private static let tooLong = TransportFault.broken("a line is longer than \(Message.maximumBytes) bytes")

    private func read(into buffer: inout LineBuffer, _ deadline: Deadline) -> TransportFault? {
        if isClosed.load(ordering: .acquiring) { return .closed }
        if !isSocket || deadline.nanoseconds != nil {
            let events = waitFor(input, POLLIN, deadline)
            if isClosed.load(ordering: .acquiring) { return .closed }
            if events == 0 { return .timeout }
        }
        let room = buffer.room()
        let count = SystemCall.read(input.number, room)
        if count > 0 {
            buffer.added(count)
            return nil
        }
        let code = errno
        if isClosed.load(ordering: .acquiring) { return .closed }
        if count == 0 || code == ECONNRESET { return .ended }
        return code == EINTR || code == EAGAIN ? nil : .system(SystemError.text(code))
    }

    /// Waits for the descriptor, or until this end is closed.
    private func waitFor(_ descriptor: Descriptor, _ events: Int32, _ deadline: Deadline) -> Int32 {
        guard let alarm else { return descriptor.wait(for: events, deadline) }
        while true {
            var entries = [
                pollfd(fd: descriptor.number, events: Int16(events), revents: 0),
                pollfd(fd: alarm.reader.number, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&entries, 2, deadline.milliseconds)
            if count > 0 { return Int32(entries[0].revents | entries[1].revents) }
            if count == 0 && deadline.hasPassed { return 0 }
            // What reads or writes next says why.
            if count < 0 && errno != EINTR && errno != EAGAIN { return POLLERR }
        }
    }

    // MARK: Ending

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // The alarm first: whoever polls wakes, and finds the flag set.
        alarm?.writer.letGo()
        input.letGo()
        if !isSocket { output.letGo() }
    }
}
