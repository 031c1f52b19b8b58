/// Reads little-endian values from bytes that came from outside. Every length is checked before a byte is used.
public struct ByteReader: Sendable {
    /// The bytes ended too early.
    public struct Truncated: Error, Sendable, Hashable, CustomStringConvertible {
        /// Where the value begins that is cut short.
        public var offset: Int
        /// Bytes it needs.
        public var needed: Int
        /// Bytes that are left.
        public var remaining: Int

        public init(offset: Int, needed: Int, remaining: Int) {
            self.offset = offset
            self.needed = needed
            self.remaining = remaining
        }

        public var description: String { "\(needed) bytes are needed at offset \(offset), \(remaining) are left" }
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    public init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    /// Bytes read so far.
    public var offset: Int { position - bytes.startIndex }
    /// Bytes left.
    public var remaining: Int { bytes.endIndex - position }
    public var isAtEnd: Bool { remaining == 0 }

    public mutating func readUInt8() throws(Truncated) -> UInt8 {
        try readInteger()
    }

    public mutating func readUInt16() throws(Truncated) -> UInt16 {
        try readInteger()
    }

    public mutating func readUInt32() throws(Truncated) -> UInt32 {
        try readInteger()
    }

    public mutating func readInt16() throws(Truncated) -> Int16 {
        Int16(bitPattern: try readInteger())
    }

    public mutating func readInt32() throws(Truncated) -> Int32 {
        Int32(bitPattern: try readInteger())
    }

    public mutating func readFloat() throws(Truncated) -> Float {
        Float(bitPattern: try readInteger())
    }

    /// The next `count` bytes.
    public mutating func readBytes(_ count: Int) throws(Truncated) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else {
            throw Truncated(offset: offset, needed: count, remaining: remaining)
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private mutating func readInteger<Value: FixedWidthInteger & UnsignedInteger>() throws(Truncated) -> Value {
        let bytes = try readBytes(Value.bitWidth / 8)
        return bytes.reversed().reduce(0) { Value(truncatingIfNeeded: UInt64($0) << 8) | Value($1) }
    }
}
