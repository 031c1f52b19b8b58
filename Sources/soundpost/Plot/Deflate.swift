/// Deflate compression (RFC 1951) in one block with the fixed Huffman codes, wrapped as zlib data (RFC 1950).
///
/// Made for the flat areas of plots: one match candidate per position, found by a hash of three bytes.
struct Deflate {
    private var output: [UInt8] = []
    private var accumulator: UInt64 = 0
    private var bits: UInt64 = 0

    static func zlib(_ input: [UInt8]) -> [UInt8] {
        var deflate = Deflate()
        // Method 8, window 32 KiB, and check bits that make the pair a multiple of 31.
        deflate.output = [0x78, 0x01]
        deflate.compress(input)
        let sum = adler32(input)
        return deflate.output
            + [UInt8(sum >> 24), UInt8(sum >> 16 & 0xFF), UInt8(sum >> 8 & 0xFF), UInt8(sum & 0xFF)]
    }

    private mutating func compress(_ input: [UInt8]) {
        // The last block, with fixed codes.
        put(1, count: 1)
        put(1, count: 2)
        var newest = [Int](repeating: -1, count: 1 << 15)
        input.withUnsafeBufferPointer { input in
            var index = 0
            while index < input.count {
                guard index + 3 <= input.count else {
                    putLiteral(UInt32(input[index]))
                    index += 1
                    continue
                }
                let hash = Self.hash(input, index)
                let candidate = newest[hash]
                newest[hash] = index
                let length = candidate >= 0 && index - candidate <= 32768 ? Self.match(input, candidate, index) : 0
                if length >= 3 {
                    putMatch(length: length, distance: index - candidate)
                    index += length
                } else {
                    putLiteral(UInt32(input[index]))
                    index += 1
                }
            }
        }
        putLiteral(256)
        put(0, count: 7)
        drain()
    }

    private static func hash(_ input: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let key = UInt32(input[index]) | UInt32(input[index + 1]) << 8 | UInt32(input[index + 2]) << 16
        return Int((key &* 0x9E37_79B1) >> 17)
    }

    private static func match(_ input: UnsafeBufferPointer<UInt8>, _ candidate: Int, _ index: Int) -> Int {
        let limit = min(258, input.count - index)
        var length = 0
        while length < limit && input[candidate + length] == input[index + length] { length += 1 }
        return length
    }

    /// Fixed code of a literal or length symbol (RFC 1951, 3.2.6); codes go out most significant bit first.
    private mutating func putLiteral(_ symbol: UInt32) {
        switch symbol {
        case 0..<144: putCode(0x30 + symbol, count: 8)
        case 144..<256: putCode(0x190 + symbol - 144, count: 9)
        case 256..<280: putCode(symbol - 256, count: 7)
        default: putCode(0xC0 + symbol - 280, count: 8)
        }
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private mutating func putMatch(length: Int, distance: Int) {
        let lengthCode = Self.lengthBases.lastIndex { $0 <= length } ?? 0
        putLiteral(UInt32(257 + lengthCode))
        put(UInt64(length - Self.lengthBases[lengthCode]), count: Self.lengthBits[lengthCode])
        let distanceCode = Self.distanceBases.lastIndex { $0 <= distance } ?? 0
        putCode(UInt32(distanceCode), count: 5)
        put(UInt64(distance - Self.distanceBases[distanceCode]), count: Self.distanceBits[distanceCode])
    }

    private mutating func putCode(_ code: UInt32, count: Int) {
        var reversed: UInt64 = 0
        for bit in 0..<count where code >> UInt32(bit) & 1 == 1 { reversed |= 1 << UInt64(count - 1 - bit) }
        put(reversed, count: count)
    }

    private mutating func put(_ value: UInt64, count: Int) {
        accumulator |= value << bits
        bits += UInt64(count)
        drain()
    }

    private mutating func drain() {
        while bits >= 8 {
            output.append(UInt8(accumulator & 0xFF))
            accumulator >>= 8
            bits -= 8
        }
    }

    private static func adler32(_ input: [UInt8]) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in input {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}
