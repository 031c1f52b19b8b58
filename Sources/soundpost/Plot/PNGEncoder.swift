import Foundation

/// PNG files (ISO/IEC 15948) of 8-bit RGB pixels.
enum PNGEncoder {
    /// - Parameter pixels: red, green, blue, row by row from the top; `width · height · 3` bytes.
    static func encode(width: Int, height: Int, pixels: [UInt8]) -> Data {
        precondition(pixels.count == width * height * 3)
        var header = bigEndian(UInt32(width)) + bigEndian(UInt32(height))
        // 8 bits a sample, truecolour, deflate, adaptive filters, not interlaced.
        header += [8, 2, 0, 0, 0]

        var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        file.append(contentsOf: chunk("IHDR", header))
        file.append(contentsOf: chunk("IDAT", Deflate.zlib(filtered(width: width, height: height, pixels: pixels))))
        file.append(contentsOf: chunk("IEND", []))
        return file
    }

    /// Filter "up" on every row: most rows of a plot equal the one above and become zeros.
    private static func filtered(width: Int, height: Int, pixels: [UInt8]) -> [UInt8] {
        let stride = width * 3
        var result: [UInt8] = []
        result.reserveCapacity(height * (stride + 1))
        pixels.withUnsafeBufferPointer { pixels in
            for row in 0..<height {
                result.append(2)
                for index in row * stride..<(row + 1) * stride {
                    result.append(row == 0 ? pixels[index] : pixels[index] &- pixels[index - stride])
                }
            }
        }
        return result
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    /// CRC-32 of ISO 3309, as PNG asks for.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        let table = (0..<256).map { (index: UInt32) -> UInt32 in
            var value = index
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
            return value
        }
        var remainder = UInt32.max
        for byte in bytes { remainder = table[Int((remainder ^ UInt32(byte)) & 0xFF)] ^ (remainder >> 8) }
        return ~remainder
    }
}
