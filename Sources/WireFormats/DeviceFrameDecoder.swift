/// Finds device frames in a stream of bytes, however it is cut, and resynchronises after garbage.
///
/// A value type without I/O. After a bad checksum only the false preamble is skipped, so a frame that starts inside
/// what looked like another one is still found.
public struct DeviceFrameDecoder: Sendable {
    /// What was found so far.
    public struct Counters: Sendable, Hashable {
        public var frames = 0
        /// Candidates with a wrong checksum.
        public var checksumErrors = 0
        /// Candidates whose LEN is above the limit.
        public var lengthErrors = 0
        /// Bytes that belong to no frame.
        public var skippedBytes = 0

        public init() {}
    }

    public private(set) var counters = Counters()
    private let maximumDataLength: Int
    private var buffer: [UInt8] = []
    /// Bytes at the start of `buffer` that are done with.
    private var consumed = 0

    /// - Parameter maximumDataLength: The largest LEN that is waited for. A false preamble in garbage can hold up the
    ///   stream for that many bytes, so it should be what the peer really sends.
    public init(maximumDataLength: Int = DeviceFrame.maximumDataLength) {
        self.maximumDataLength = max(0, min(maximumDataLength, DeviceFrame.maximumDataLength))
    }

    /// Bytes that wait for the rest of a frame.
    public var pendingBytes: Int { buffer.count - consumed }

    /// Takes the next bytes of the stream; returns the frames that are complete now.
    public mutating func push(_ bytes: some Sequence<UInt8>) -> [DeviceFrame] {
        buffer.append(contentsOf: bytes)
        var frames: [DeviceFrame] = []
        while let frame = next() { frames.append(frame) }
        buffer.removeFirst(consumed)
        consumed = 0
        return frames
    }

    /// Forgets a frame that is incomplete, for instance after the connection was lost.
    public mutating func reset() {
        counters.skippedBytes += pendingBytes
        buffer.removeAll()
        consumed = 0
    }

    private mutating func next() -> DeviceFrame? {
        while skipToPreamble(), pendingBytes >= DeviceFrame.headerLength {
            let start = consumed
            let length = Int(buffer[start + 5]) | Int(buffer[start + 6]) << 8
            guard length <= maximumDataLength else {
                counters.lengthErrors += 1
                skip(1)
                continue
            }
            guard pendingBytes >= length + DeviceFrame.overhead else { return nil }
            let end = start + DeviceFrame.headerLength + length
            guard CRC8.checksum(buffer[(start + 2)..<end]) == buffer[end] else {
                counters.checksumErrors += 1
                skip(1)
                continue
            }
            consumed = end + 1
            counters.frames += 1
            return DeviceFrame(
                command: buffer[start + 2],
                sequence: UInt16(buffer[start + 3]) | UInt16(buffer[start + 4]) << 8,
                data: Array(buffer[(start + DeviceFrame.headerLength)..<end])
            )
        }
        return nil
    }

    /// Skips to the next preamble, or to a last byte that may begin one. Returns whether a whole preamble is there.
    private mutating func skipToPreamble() -> Bool {
        while consumed < buffer.count {
            if buffer[consumed] == DeviceFrame.preamble[0] {
                guard consumed + 1 < buffer.count else { return false }
                if buffer[consumed + 1] == DeviceFrame.preamble[1] { return true }
            }
            skip(1)
        }
        return false
    }

    private mutating func skip(_ count: Int) {
        consumed += count
        counters.skippedBytes += count
    }
}
