import AudioEngine
import NIOCore

/// Pieces of sound as one listener gets them, one binary message each, little-endian:
///
/// | Bytes | | |
/// | --- | --- | --- |
/// | 0…3 | u32 | number of the message since the listener connected, from 0; a gap is sound that was lost |
/// | 4…7 | u32 | sample rate, Hz |
/// | 8…9 | u16 | channels |
/// | 10…11 | u16 | sample frames in the message |
/// | from 12 | f32 | samples, interleaved; full scale is 1 |
struct SoundMessages: Sendable {
    static let headerBytes = 12
    /// What the header can count.
    static let framesLimit = Int(UInt16.max)

    private var number: UInt32 = 0

    /// The messages for the next piece: one, or several when it is longer than a message can be. A message counts
    /// whether it is sent or not.
    mutating func next(_ chunk: AudioChunk) -> [ByteBuffer] {
        guard let channels = UInt16(exactly: chunk.channels), channels > 0,
            let rate = UInt32(exactly: chunk.sampleRate)
        else { return [] }
        let frames = chunk.samples.count / chunk.channels
        return stride(from: 0, to: frames, by: Self.framesLimit).map { start in
            let count = min(Self.framesLimit, frames - start)
            let samples = chunk.samples[start * chunk.channels..<(start + count) * chunk.channels]
            defer { number &+= 1 }
            var message = ByteBufferAllocator().buffer(capacity: Self.headerBytes + 4 * samples.count)
            message.writeInteger(number, endianness: .little)
            message.writeInteger(rate, endianness: .little)
            message.writeInteger(channels, endianness: .little)
            message.writeInteger(UInt16(count), endianness: .little)
            Self.write(samples, to: &message)
            return message
        }
    }

    private static func write(_ samples: ArraySlice<Float>, to message: inout ByteBuffer) {
        #if _endian(little)
            _ = samples.withUnsafeBytes { message.writeBytes($0) }
        #else
            for sample in samples { message.writeInteger(sample.bitPattern, endianness: .little) }
        #endif
    }
}
