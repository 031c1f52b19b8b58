import Foundation
import Testing

/// A PNG file taken apart, with every checksum checked.
struct PNGFile {
    let width: Int
    let height: Int
    /// Rows of red, green and blue.
    private(set) var rows: [[UInt8]] = []

    init(_ data: Data) throws {
        let bytes = Array(data)
        try #require(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        var chunks: [String: [UInt8]] = [:]
        var position = 8
        while position < bytes.count {
            let length = Int(Self.word(bytes, position))
            let body = Array(bytes[position + 4..<position + 8 + length])
            try #require(Self.word(bytes, position + 8 + length) == Self.crc32(body), "checksum of a chunk")
            chunks[String(decoding: body.prefix(4), as: UTF8.self)] = Array(body.dropFirst(4))
            position += 12 + length
        }
        let header = try #require(chunks["IHDR"])
        try #require(Array(header[8...]) == [8, 2, 0, 0, 0], "8 bits, RGB, not interlaced")
        try #require(chunks["IEND"] == [])
        width = Int(Self.word(header, 0))
        height = Int(Self.word(header, 4))

        let pixels = try Inflate.zlib(try #require(chunks["IDAT"]))
        let stride = width * 3
        try #require(pixels.count == height * (stride + 1))
        var above = [UInt8](repeating: 0, count: stride)
        for row in 0..<height {
            let start = row * (stride + 1)
            try #require(pixels[start] == 2, "filter up")
            above = zip(pixels[start + 1..<start + 1 + stride], above).map { $0 &+ $1 }
            rows.append(above)
        }
    }

    /// How many different colours the picture has.
    var colorCount: Int {
        var colors: Set<UInt32> = []
        for row in rows {
            for x in 0..<width {
                colors.insert(UInt32(row[3 * x]) << 16 | UInt32(row[3 * x + 1]) << 8 | UInt32(row[3 * x + 2]))
            }
        }
        return colors.count
    }

    private static func word(_ bytes: [UInt8], _ position: Int) -> UInt32 {
        bytes[position..<position + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static let table: [UInt32] = (0..<256).map { (index: UInt32) -> UInt32 in
        var value = index
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes { remainder = table[Int((remainder ^ UInt32(byte)) & 0xFF)] ^ (remainder >> 8) }
        return ~remainder
    }
}
