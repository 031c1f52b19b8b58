import Testing
import WireFormats

@Suite struct ByteCodingTests {
    @Test func whatIsWrittenReadsBackEqual() throws {
        var writer = ByteWriter()
        writer.write(UInt8(0xAB))
        writer.write(UInt16(0x1234))
        writer.write(UInt32(0xDEAD_BEEF))
        writer.write(Int16(-2))
        writer.write(Int32.min)
        writer.write(Float(-1.5))
        writer.write([1, 2, 3] as [UInt8])
        #expect(
            writer.bytes == [
                0xAB, 0x34, 0x12, 0xEF, 0xBE, 0xAD, 0xDE, 0xFE, 0xFF, 0, 0, 0, 0x80, 0, 0, 0xC0, 0xBF, 1, 2, 3,
            ]
        )
        var reader = ByteReader(writer.bytes)
        #expect(try reader.readUInt8() == 0xAB)
        #expect(try reader.readUInt16() == 0x1234)
        #expect(try reader.readUInt32() == 0xDEAD_BEEF)
        #expect(try reader.readInt16() == -2)
        #expect(try reader.readInt32() == .min)
        #expect(try reader.readFloat() == -1.5)
        #expect(try reader.readBytes(3) == [1, 2, 3])
        #expect(reader.isAtEnd)
    }

    @Test func readingPastTheEndIsAnErrorAndTakesNothing() throws {
        var reader = ByteReader([9, 1, 2, 3][1...])
        #expect(throws: ByteReader.Truncated(offset: 0, needed: 4, remaining: 3)) { try reader.readUInt32() }
        #expect(throws: ByteReader.Truncated(offset: 0, needed: -1, remaining: 3)) { try reader.readBytes(-1) }
        #expect(throws: ByteReader.Truncated(offset: 0, needed: .max, remaining: 3)) { try reader.readBytes(.max) }
        #expect(try reader.readUInt16() == 0x0201)
        #expect(reader.offset == 2)
        #expect(reader.remaining == 1)
    }
}
