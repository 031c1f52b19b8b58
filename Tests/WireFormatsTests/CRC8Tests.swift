import Testing
import WireFormats

@Suite struct CRC8Tests {
    @Test func theCheckValueOfTheSpecificationIsMet() {
        #expect(CRC8.checksum("123456789".utf8) == 0xF4)
        #expect(CRC8.checksum([]) == 0)
    }

    @Test func aChecksumCanBeContinued() {
        let bytes = Array("123456789".utf8)
        #expect(CRC8.checksum(bytes[4...], continuing: CRC8.checksum(bytes[..<4])) == 0xF4)
    }

    @Test func everySingleBitErrorIsFound() {
        let bytes: [UInt8] = Array(0...63)
        let sum = CRC8.checksum(bytes)
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(CRC8.checksum(changed) != sum)
        }
    }
}
