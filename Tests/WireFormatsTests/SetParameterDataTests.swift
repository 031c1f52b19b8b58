import Testing
import WireFormats

@Suite struct SetParameterDataTests {
    @Test func aFloatTakesTenBytes() {
        let data = SetParameterData(module: 3, parameter: 1, index: 0x0102, value: .float(-6))
        #expect(data.encoded == [3, 1, 0, 2, 1, 1, 0, 0, 0xC0, 0xC0])
    }

    @Test(arguments: [DeviceValue.float(0.1), .int(-96_000), .byte(1), .float(.infinity), .int(.max)])
    func whatIsWrittenReadsBackEqual(value: DeviceValue) throws {
        let data = SetParameterData(module: 254, parameter: 0xFFFF, index: 0xABCD, value: value)
        #expect(try SetParameterData(decoding: data.encoded) == data)
    }

    @Test func everyWrongLengthIsRefused() throws {
        for value in [DeviceValue.float(1), .int(1), .byte(1)] {
            let bytes = SetParameterData(module: 0, parameter: 1, index: 0, value: value).encoded
            for length in bytes.indices {
                #expect(throws: SetParameterData.Fault.self) { try SetParameterData(decoding: Array(bytes[..<length])) }
            }
            #expect(throws: SetParameterData.Fault.trailingBytes(1)) { try SetParameterData(decoding: bytes + [0]) }
        }
    }

    @Test func aValueTypeThatIsNotKnownIsRefused() {
        #expect(throws: SetParameterData.Fault.unknownValueType(9)) {
            try SetParameterData(decoding: [0, 0, 0, 0, 0, 9, 0, 0, 0, 0])
        }
    }
}
