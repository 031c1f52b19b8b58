#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import SoundpostChannels

/// What records carry: their number decides every byte, so the reader knows whether one is whole.
enum Content {
    private static let pattern = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 5) }

    /// Fills a record; at least 8 bytes.
    static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ number: Int) {
        bytes.storeBytes(of: UInt64(number), as: UInt64.self)
        pattern.withUnsafeBytes { pattern in
            guard let to = bytes.baseAddress, let from = pattern.baseAddress else { return }
            _ = memcpy(to + 8, from + number & 255, bytes.count - 8)
        }
    }

    static func isWhole(_ bytes: UnsafeRawBufferPointer, _ number: Int, _ length: Int) -> Bool {
        guard bytes.count == length, bytes.load(as: UInt64.self) == UInt64(number) else { return false }
        return pattern.withUnsafeBytes { pattern in
            guard let this = bytes.baseAddress, let other = pattern.baseAddress else { return false }
            return memcmp(this + 8, other + number & 255, length - 8) == 0
        }
    }

    static func message(_ number: Int, _ length: Int) -> Message {
        let letter = Character(UnicodeScalar(UInt8(ascii: "a") + UInt8(number % 26)))
        return Message(.event, id: String(number), event: String(repeating: letter, count: length))
    }
}
