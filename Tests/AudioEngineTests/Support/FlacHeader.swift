import Foundation

/// What a FLAC file says of itself, for tests of files that say it wrongly.
enum FlacHeader {
    /// Where the STREAMINFO block has the total number of samples: 36 bits, the highest four of them in the lower half
    /// of the first byte (RFC 9639, section 8.2).
    private static let totalSamples = 4 + 4 + 13

    /// - Parameter frames: 0 = unknown.
    static func setFrameCount(_ frames: UInt64, of path: String) throws {
        let url = URL(filePath: path)
        var bytes = try Data(contentsOf: url)
        bytes[totalSamples] = bytes[totalSamples] & 0xF0 | UInt8(frames >> 32 & 0xF)
        for index in 0..<4 {
            bytes[totalSamples + 1 + index] = UInt8(truncatingIfNeeded: frames >> (24 - 8 * UInt64(index)))
        }
        try bytes.write(to: url)
    }
}
