import Foundation

/// Zip archives made byte by byte, with headers that may lie.
struct ZipBytes {
    struct Entry {
        var name: [UInt8]
        var localName: [UInt8]?
        var data: [UInt8] = []
        /// Uncompressed contents, when `data` is deflated.
        var inflated: [UInt8]?
        var method = 0
        var flags = 0
        /// Unix mode in the upper half.
        var attributes = 0
        var statedSize: Int?
        /// Where the local header is said to be, when not where it is.
        var offset: Int?
        var crc: UInt32?

        init(_ name: String, _ contents: String = "") {
            self.name = Array(name.utf8)
            data = Array(contents.utf8)
        }
    }

    var entries: [Entry]
    var comment: [UInt8] = []
    var statedCount: Int?
    /// Between the files and the table.
    var gap: [UInt8] = []

    init(_ entries: [Entry]) {
        self.entries = entries
    }

    var bytes: Data {
        var result: [UInt8] = []
        var table: [UInt8] = []
        for entry in entries {
            let offset = entry.offset ?? result.count
            let local = entry.localName ?? entry.name
            let common = Self.common(entry)
            if entry.offset == nil {
                result += Self.u32(0x0403_4B50) + common + Self.u16(local.count) + Self.u16(0) + local + entry.data
            }
            table += Self.u32(0x0201_4B50) + Self.u16(0x031E) + common + Self.u16(entry.name.count) + Self.u16(0)
            table += Self.u16(0) + Self.u16(0) + Self.u16(0) + Self.u32(entry.attributes) + Self.u32(offset)
            table += entry.name
        }
        result += gap
        let start = result.count
        let count = Self.u16(statedCount ?? entries.count)
        result += table
        result += Self.u32(0x0605_4B50) + Self.u16(0) + Self.u16(0) + count + count
        result += Self.u32(table.count) + Self.u32(start) + Self.u16(comment.count) + comment
        return Data(result)
    }

    private static func common(_ entry: Entry) -> [UInt8] {
        let contents = entry.inflated ?? entry.data
        let checksum = entry.crc ?? crc32(contents)
        return u16(20) + u16(entry.flags) + u16(entry.method) + u16(0) + u16(0x5821) + u32(Int(checksum))
            + u32(entry.data.count) + u32(entry.statedSize ?? contents.count)
    }

    static func u16(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
    static func u32(_ value: Int) -> [UInt8] { u16(value & 0xFFFF) + u16(value >> 16 & 0xFFFF) }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    /// Deflate data of `1 + 258 * matches` zeros: one literal, then matches of the greatest length with fixed codes
    /// (RFC 1951 section 3.2.6), 13 bits for 258 bytes.
    static func deflatedZeros(matches: Int) -> [UInt8] {
        var bits: [Bool] = []
        func add(_ text: String) { bits += text.map { $0 == "1" } }
        add("110")  // last block; type 01, low bit first
        add("00110000")
        for _ in 0..<matches { add("1100010100000") }
        add("0000000")
        var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit {
            bytes[index / 8] |= 1 << UInt8(index % 8)
        }
        return bytes
    }
}
