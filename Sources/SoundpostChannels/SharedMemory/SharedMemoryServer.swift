#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

/// Hands a region of its own to every program that connects.
///
/// Any thread may accept, one at a time; `close` wakes it.
public final class SharedMemoryServer: Sendable {
    public var name: String { listener.name }
    /// Path of the socket where clients meet it.
    public var path: String { listener.path }
    private let listener: LocalSocketListener
    private let ringBytes: Int
    let codec: RecordCodec
    private let wait: WaitStrategy
    private let backing: RegionBacking

    public static let usualRingBytes = 4 << 20

    /// - Parameters:
    ///   - ringBytes: Bytes of each direction's ring, rounded up to a power of two from 64 KiB to 1 GiB.
    ///   - codec: What the records are.
    /// - Throws: `io`, also when a live server has the name.
    public convenience init(
        _ name: String, ringBytes: Int = usualRingBytes, codec: RecordCodec = .json, wait: WaitStrategy = .sleeping,
        in place: SocketPlace = .userDirectory
    ) throws(ChannelError) {
        try self.init(name, ringBytes: ringBytes, codec: codec, wait: wait, in: place, backing: .ofSystem)
    }

    init(
        _ name: String, ringBytes: Int, codec: RecordCodec, wait: WaitStrategy, in place: SocketPlace,
        backing: RegionBacking
    ) throws(ChannelError) {
        listener = try LocalSocketListener(name, in: place)
        self.ringBytes = RegionLayout.ringBytes(atLeast: ringBytes)
        self.codec = codec
        self.wait = wait
        self.backing = backing
    }

    deinit {
        close()
    }

    /// Waits for the next client. One that comes and goes at once, or is another user's, is passed over.
    ///
    /// - Throws: `timeout`, `disconnected` once the server is closed, `io`.
    @available(*, noasync, message: "waits on the calling thread")
    public func acceptRings(timeout: Duration? = nil) throws(ChannelError) -> RingConnection {
        let deadline = Deadline(after: timeout)
        while true {
            let socket = Descriptor(try listener.accept(deadline))
            if let connection = try offer(to: socket) { return connection }
        }
    }

    /// Nil when the client has gone meanwhile.
    private func offer(to socket: Descriptor) throws(ChannelError) -> RingConnection? {
        let token = UInt64.random(in: 1...UInt64.max)
        do throws(Region.Fault) {
            let (descriptor, segment) = try backing.make(
                RegionLayout.regionBytes(ringBytes: ringBytes), token: token, group: listener.group)
            defer { SystemCall.close(descriptor) }
            var isHandedOver = false
            defer { if let segment, !isHandedOver { shm_unlink(segment) } }
            let region = try Region(creating: descriptor, ringBytes: ringBytes, codec: codec, token: token)
            let offer = RegionOffer(ringBytes: ringBytes, codec: codec.rawValue, token: token, segment: segment)
            // A few small numbers and words: it can always be written.
            guard var line = try? offer.message.encoded() else { return nil }
            line.append(UInt8(ascii: "\n"))
            let sent = line.withUnsafeBytes {
                soundpost_send_with_descriptor(
                    socket.number, $0.baseAddress, $0.count, segment == nil ? descriptor : -1)
            }
            guard sent == line.count else { return nil }
            isHandedOver = true
            return RingConnection(name, region, lock: socket, isCreator: true, segment: segment, wait: wait)
        } catch {
            throw ChannelError(.io, channel: name, error.description)
        }
    }

    public func close() {
        listener.close()
    }
}
