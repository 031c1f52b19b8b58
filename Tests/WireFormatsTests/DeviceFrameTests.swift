import Testing
import WireFormats

@Suite struct DeviceFrameTests {
    @Test func theBytesAreThoseOfTheLayout() throws {
        let frame = DeviceFrame(command: 0x06, sequence: 0x1234, data: [7])
        let bytes = try frame.encoded()
        #expect(bytes.dropLast() == [0x55, 0xAA, 0x06, 0x34, 0x12, 1, 0, 7])
        #expect(bytes.last == CRC8.checksum([0x06, 0x34, 0x12, 1, 0, 7]))
        #expect(!frame.isReply)
        #expect(DeviceFrame(command: 0x86, sequence: 0).isReply)
    }

    @Test func dataThatDoesNotFitIsRefused() throws {
        #expect(
            try DeviceFrame(command: 2, sequence: 0, data: [UInt8](repeating: 0, count: 65_535)).encoded().count
                == 65_543)
        #expect(throws: DeviceFrameFault.dataTooLong(65_536)) {
            try DeviceFrame(command: 2, sequence: 0, data: [UInt8](repeating: 0, count: 65_536)).encoded()
        }
    }
}

@Suite struct DeviceFrameDecoderTests {
    private let frames = [
        DeviceFrame(command: 1, sequence: 1, data: [0x55, 0xAA, 0x55, 0xAA, 1, 2, 3]),
        DeviceFrame(command: 0x86, sequence: 2),
        DeviceFrame(command: 2, sequence: 0xFFFF, data: [UInt8](repeating: 0x55, count: 300)),
    ]

    @Test func framesAreFoundHoweverTheStreamIsCut() throws {
        let stream = try frames.flatMap { try $0.encoded() }
        for cut in 1...40 {
            var decoder = DeviceFrameDecoder()
            var found: [DeviceFrame] = []
            for start in stride(from: 0, to: stream.count, by: cut) {
                found += decoder.push(stream[start..<min(start + cut, stream.count)])
            }
            #expect(found == frames)
            #expect(decoder.counters.skippedBytes == 0)
            #expect(decoder.pendingBytes == 0)
        }
    }

    @Test func framesBetweenGarbageAreFound() throws {
        var stream: [UInt8] = [1, 2, 0x55, 0x55, 0xAA]
        // A preamble with a length that reaches into the first real frame.
        stream += [9, 0, 0, 3, 0]
        for frame in frames { stream += try frame.encoded() + [0xAA, 0x55] }
        var decoder = DeviceFrameDecoder()
        #expect(decoder.push(stream + [0]) == frames)
        #expect(decoder.counters.frames == 3)
        #expect(decoder.counters.checksumErrors >= 1)
        #expect(decoder.counters.skippedBytes == 10 + 6 + 1)
    }

    @Test func aDamagedFrameIsDroppedAndTheNextOneFound() throws {
        let good = try frames[1].encoded()
        for position in good.indices {
            var bad = good
            bad[position] ^= 0x10
            var decoder = DeviceFrameDecoder(maximumDataLength: 64)
            let found = decoder.push(bad + good + [UInt8](repeating: 0, count: 80))
            #expect(found == [frames[1]])
        }
    }

    @Test func aLengthAboveTheLimitDoesNotHoldUpTheStream() throws {
        var decoder = DeviceFrameDecoder(maximumDataLength: 16)
        let found = decoder.push([0x55, 0xAA, 1, 0, 0, 0xFF, 0xFF] + (try frames[1].encoded()))
        #expect(found == [frames[1]])
        #expect(decoder.counters.lengthErrors == 1)
    }

    @Test func aResetForgetsTheHalfFrame() throws {
        let bytes = try frames[0].encoded()
        var decoder = DeviceFrameDecoder()
        #expect(decoder.push(bytes.dropLast(4)).isEmpty)
        #expect(decoder.pendingBytes == bytes.count - 4)
        decoder.reset()
        #expect(decoder.push(bytes) == [frames[0]])
    }

    @Test func randomBytesNeitherTrapNorPileUp() {
        var state: UInt64 = 42
        var decoder = DeviceFrameDecoder(maximumDataLength: 256)
        for _ in 0..<2000 {
            var chunk: [UInt8] = []
            for _ in 0..<32 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let byte = UInt8(truncatingIfNeeded: state >> 33)
                // Preambles and zeros are made frequent, or almost no length would be within the limit.
                chunk += byte < 40 ? [0x55, 0xAA] : byte < 160 ? [0] : [byte]
            }
            _ = decoder.push(chunk)
            #expect(decoder.pendingBytes <= 256 + DeviceFrame.overhead)
        }
        #expect(decoder.counters.checksumErrors > 100)
    }
}
