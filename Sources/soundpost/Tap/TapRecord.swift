/// One record of a tap (docs/protocols/audio-tap.md).
struct TapRecord {
    /// Of the record's first frame, counted from the stream's first one.
    let position: UInt64
    /// Frames that were lost before it.
    let missed: Int
    /// Interleaved.
    let samples: [Float]

    private static let header = 16

    /// Nil when it is not as it has to be.
    init?(_ bytes: [UInt8], channels: Int) {
        guard bytes.count >= Self.header else { return nil }
        (position, missed, samples) = bytes.withUnsafeBytes { bytes in
            (
                UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)),
                Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))),
                stride(from: Self.header, to: bytes.count - 3, by: 4).map { offset in
                    Float(
                        bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                }
            )
        }
        let frames = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self) }
        let count = Int(UInt32(littleEndian: frames)) * channels
        guard samples.count == count, bytes.count == Self.header + 4 * count else { return nil }
    }
}
