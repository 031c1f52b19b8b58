#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

extension RingConnection {
    /// Meets a `SharedMemoryServer` of this name.
    ///
    /// - Parameters:
    ///   - codec: What the records have to be.
    ///   - timeout: How long to wait for the server's offer.
    /// - Throws: `disconnected` when no server is there, `receiveFailed` when what it offers is not as it has to be,
    ///   `io`.
    @available(*, noasync, message: "waits on the calling thread")
    public static func connect(
        _ name: String, codec: RecordCodec, wait: WaitStrategy = .sleeping, timeout: Duration = .seconds(5),
        in place: SocketPlace = .userDirectory
    ) throws(ChannelError) -> RingConnection {
        try connect(name, codec: codec, wait: wait, timeout: timeout, in: place, backing: .ofSystem)
    }

    static func connect(
        _ name: String, codec: RecordCodec, wait: WaitStrategy = .sleeping, timeout: Duration = .seconds(5),
        in place: SocketPlace, backing: RegionBacking
    ) throws(ChannelError) -> RingConnection {
        let socket = Descriptor(try LocalSocket.connect(name, in: place))
        func broken(_ text: String) -> ChannelError { ChannelError(.receiveFailed, channel: name, text) }

        let (line, received) = try offerLine(from: socket, Deadline(after: timeout), name)
        defer { if received >= 0 { SystemCall.close(received) } }
        let region: Region
        do {
            let message = try line.withUnsafeBytes { bytes throws(Message.Fault) in try Message(encoded: bytes) }
            let offer = try RegionOffer(message)
            guard offer.codec == codec.rawValue else {
                throw broken("its records have the codec \(offer.codec) where \(codec.rawValue) is wanted")
            }
            let descriptor = try backing.open(offer, beside: received)
            defer { SystemCall.close(descriptor) }
            region = try Region(opening: descriptor, as: offer)
        } catch let error as Message.Fault {
            throw broken(error.description)
        } catch let error as RegionOffer.Fault {
            throw broken(error.text)
        } catch let error as Region.Fault {
            if case .system = error { throw ChannelError(.io, channel: name, error.description) }
            throw broken(error.description)
        } catch {
            throw error as? ChannelError ?? broken("\(error)")
        }
        return RingConnection(name, region, lock: socket, isCreator: false, wait: wait)
    }

    /// The server's line, and what came with it (−1: nothing).
    private static func offerLine(
        from socket: Descriptor, _ deadline: Deadline, _ name: String
    ) throws(ChannelError) -> (line: [UInt8], descriptor: Int32) {
        var line: [UInt8] = []
        var descriptor: Int32 = -1
        func give(up code: ChannelError.Code, _ text: String) -> ChannelError {
            if descriptor >= 0 { SystemCall.close(descriptor) }
            return ChannelError(code, channel: name, text)
        }
        while true {
            guard socket.wait(for: Int32(POLLIN), deadline) != 0 else {
                throw give(up: .timeout, "the server offered no shared memory in time; it may be a local socket")
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            var beside: Int32 = -1
            let count = chunk.withUnsafeMutableBytes {
                soundpost_receive_with_descriptor(socket.number, $0.baseAddress, $0.count, &beside)
            }
            if beside >= 0 {
                if descriptor >= 0 { SystemCall.close(beside) } else { descriptor = beside }
            }
            guard count > 0 else {
                throw give(up: .disconnected, "the server went away before it offered shared memory")
            }
            line += chunk[..<count]
            if let end = line.firstIndex(of: UInt8(ascii: "\n")) {
                return (Array(line[..<end]), descriptor)
            }
            guard line.count < 65_536 else { throw give(up: .receiveFailed, "the server's offer has no end") }
        }
    }
}
