/// CRC-8/SMBUS: polynomial 0x07, initial value 0, no reflection, no final XOR. Check value of "123456789": 0xF4.
///
/// Source: System Management Bus Specification 2.0, packet error checking.
public enum CRC8 {
    private static let table: [UInt8] = (0...255).map { byte in
        (0..<8).reduce(UInt8(byte)) { crc, _ in crc & 0x80 != 0 ? (crc << 1) ^ 0x07 : crc << 1 }
    }

    /// The checksum of `bytes`, continuing from `crc`.
    public static func checksum(_ bytes: some Sequence<UInt8>, continuing crc: UInt8 = 0) -> UInt8 {
        bytes.reduce(crc) { table[Int($0 ^ $1)] }
    }
}
