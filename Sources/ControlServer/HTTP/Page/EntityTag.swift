import NIOCore

/// What a client compares to know whether its copy is still good (RFC 9110 section 8.8.3). Strong: made of the bytes.
struct EntityTag: Sendable, Hashable {
    /// With its quotation marks, as it stands in a header.
    let text: String

    /// - Parameter bytes: everything that the tag stands for. The tag is a hash of 64 bits in the manner of FNV-1a,
    ///   eight bytes a step, and their number; it tells versions of a file apart, and no attacker.
    init(of bytes: ByteBuffer) {
        let count = bytes.readableBytes
        let hash = bytes.withUnsafeReadableBytes { bytes in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            var at = 0
            while at < count {
                let word: UInt64
                if at + 8 <= count {
                    word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                } else {
                    word = bytes[at...].reduce(0) { $0 << 8 | UInt64($1) }
                }
                hash = (hash ^ word) &* 0x100_0000_01b3
                // A product's high bits know of all the word's bits, its low ones do not.
                hash ^= hash >> 29
                at += 8
            }
            return hash
        }
        text = "\"\(String(hash, radix: 16))-\(String(count, radix: 16))\""
    }

    /// Whether a client has this version (RFC 9110 section 13.1.2; the comparison is the weak one).
    ///
    /// - Parameter fields: the values of all `If-None-Match` headers.
    func isKnown(to fields: [String]) -> Bool {
        fields.contains { field in
            field.split(separator: ",").contains { entry in
                let entry = entry.drop { $0 == " " || $0 == "\t" }
                let tag = entry.hasPrefix("W/") ? entry.dropFirst(2) : entry
                let end = tag.lastIndex { $0 != " " && $0 != "\t" }.map { tag.index(after: $0) } ?? tag.startIndex
                return tag[..<end] == text || tag[..<end] == "*"
            }
        }
    }
}
