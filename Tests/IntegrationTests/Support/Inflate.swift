import Testing

/// Decompression of zlib data whose blocks use the fixed codes (RFC 1950, RFC 1951 section 3.2.6).
struct Inflate {
    private let input: [UInt8]
    private var position: Int
    private var output: [UInt8] = []

    static func zlib(_ input: [UInt8]) throws -> [UInt8] {
        try #require(input[0] & 0x0F == 8 && (Int(input[0]) << 8 | Int(input[1])) % 31 == 0)
        var inflate = Inflate(input: input, position: 16)
        try inflate.run()
        var sums: (low: UInt32, high: UInt32) = (1, 0)
        for byte in inflate.output {
            sums.low = (sums.low + UInt32(byte)) % 65521
            sums.high = (sums.high + sums.low) % 65521
        }
        let stored = input.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
        try #require(stored == sums.high << 16 | sums.low, "Adler-32 of the pixels")
        return inflate.output
    }

    private init(input: [UInt8], position: Int) {
        self.input = input
        self.position = position
    }

    private mutating func run() throws {
        try #require(bits(1) == 1, "one block")
        try #require(bits(2) == 1, "fixed codes")
        while true {
            let symbol = try symbol()
            guard symbol != 256 else { return }
            if symbol < 256 {
                output.append(UInt8(symbol))
            } else {
                try copy(length: length(symbol))
            }
        }
    }

    private mutating func symbol() throws -> Int {
        var code = 0
        for count in 1...9 {
            code = code << 1 | bits(1)
            switch (count, code) {
            case (7, 0...0x17): return 256 + code
            case (8, 0x30...0xBF): return code - 0x30
            case (8, 0xC0...0xC7): return code - 0xC0 + 280
            case (9, 0x190...0x1FF): return code - 0x190 + 144
            default: continue
            }
        }
        throw Malformed()
    }

    private mutating func length(_ symbol: Int) -> Int {
        switch symbol {
        case 257..<265: return symbol - 254
        case 285: return 258
        default:
            let extra = (symbol - 261) / 4
            return 3 + (4 + (symbol - 265) % 4) << extra + bits(extra)
        }
    }

    private mutating func copy(length: Int) throws {
        var code = 0
        for _ in 0..<5 { code = code << 1 | bits(1) }
        let extra = max(code / 2 - 1, 0)
        let distance = 1 + (code < 2 ? code : (2 + code % 2) << extra) + bits(extra)
        try #require(distance <= output.count, "a distance within what was written")
        for _ in 0..<length { output.append(output[output.count - distance]) }
    }

    private mutating func bits(_ count: Int) -> Int {
        var value = 0
        for bit in 0..<count {
            value |= Int(input[position >> 3] >> UInt8(position & 7) & 1) << bit
            position += 1
        }
        return value
    }

    private struct Malformed: Error {}
}
