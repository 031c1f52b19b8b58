/// Appends little-endian values to bytes.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ value: UInt8) {
        bytes.append(value)
    }

    public mutating func write(_ value: UInt16) {
        writeInteger(value)
    }

    public mutating func write(_ value: UInt32) {
        writeInteger(value)
    }

    public mutating func write(_ value: Int16) {
        writeInteger(UInt16(bitPattern: value))
    }

    public mutating func write(_ value: Int32) {
        writeInteger(UInt32(bitPattern: value))
    }

    public mutating func write(_ value: Float) {
        writeInteger(value.bitPattern)
    }

    public mutating func write(_ sequence: some Sequence<UInt8>) {
        bytes.append(contentsOf: sequence)
    }

    private mutating func writeInteger(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
