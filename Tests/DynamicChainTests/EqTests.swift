import CDynamicChain
import DynamicChain
import Testing

/// What the equaliser promises through the library's public face. Samples are checked in C (`eq_test.c`) and against
/// scipy (`scripts/tests/filter_reference.py`).
@Suite struct EqTests {
    private static let typeId: UInt32 = 0x1667_6001

    /// 48 kHz, 1 kHz, +6 dB, Q 2: the Audio EQ Cookbook's formulas evaluated with 50 digits.
    static let designs: [(BiquadDesign.FilterType, Biquad)] = [
        (
            .peaking,
            Biquad(
                b0: 1.0224727682198582,
                b1: -1.9381165805572227,
                b2: 0.9323677439107332,
                a1: -1.9381165805572227,
                a2: 0.9548405121305914
            )
        ),
        (
            .lowShelf,
            Biquad(
                b0: 1.0139743591903743,
                b1: -1.9288125114477495,
                b2: 0.9383898480173135,
                a1: -1.9346864547051412,
                a2: 0.9464902639502959
            )
        ),
        (
            .highShelf,
            Biquad(
                b0: 1.9677640730107142,
                b1: -3.807006498109247,
                b2: 1.8624695368558202,
                a1: -1.9022300652531725,
                a2: 0.9254571770104596
            )
        ),
        (
            .lowPass,
            Biquad(
                b0: 0.004142396502558635,
                b1: 0.00828479300511727,
                b2: 0.004142396502558635,
                a1: -1.9202296564369379,
                a2: 0.9367992424471725
            )
        ),
        (
            .highPass,
            Biquad(
                b0: 0.9642572247210276,
                b1: -1.9285144494420552,
                b2: 0.9642572247210276,
                a1: -1.9202296564369379,
                a2: 0.9367992424471725
            )
        ),
        (
            .bandPass,
            Biquad(
                b0: 0.031600378776413744,
                b1: 0.0,
                b2: -0.031600378776413744,
                a1: -1.9202296564369379,
                a2: 0.9367992424471725
            )
        ),
        (
            .notch,
            Biquad(
                b0: 0.9683996212235862,
                b1: -1.9202296564369379,
                b2: 0.9683996212235862,
                a1: -1.9202296564369379,
                a2: 0.9367992424471725
            )
        ),
        (
            .allPass,
            Biquad(
                b0: 0.9367992424471725,
                b1: -1.9202296564369379,
                b2: 1.0,
                a1: -1.9202296564369379,
                a2: 0.9367992424471725
            )
        ),
        (
            .lowPass1,
            Biquad(
                b0: 0.06151176850362157,
                b1: 0.06151176850362157,
                b2: 0.0,
                a1: -0.8769764629927569,
                a2: 0.0
            )
        ),
        (
            .highPass1,
            Biquad(
                b0: 0.9384882314963784,
                b1: -0.9384882314963784,
                b2: 0.0,
                a1: -0.8769764629927569,
                a2: 0.0
            )
        ),
    ]

    @Test(arguments: designs)
    func designAgreesWithTheCookbook(type: BiquadDesign.FilterType, expected: Biquad) throws {
        let actual = try BiquadDesign.coefficients(type: type, frequency: 1000, gainDb: 6, q: 2, sampleRate: 48000)
        for coefficient in [\Biquad.b0, \.b1, \.b2, \.a1, \.a2] {
            let value = expected[keyPath: coefficient]
            #expect(abs(actual[keyPath: coefficient] - value) <= 1e-12 * abs(value))
        }
    }

    @Test(arguments: [Float(0), -1, 24000, .nan, .infinity])
    func designRefusesFrequenciesThatAreNone(frequency: Float) {
        #expect(throws: DynChainError.self) {
            try BiquadDesign.coefficients(type: .peaking, frequency: frequency, gainDb: 0, q: 1, sampleRate: 48000)
        }
    }

    @Test(arguments: [Float(0), -0.5, .nan, .infinity])
    func designRefusesQsThatAreNone(q: Float) {
        #expect(throws: DynChainError.self) {
            try BiquadDesign.coefficients(type: .lowPass, frequency: 1000, gainDb: 0, q: q, sampleRate: 48000)
        }
    }

    @Test func schemaIsTheContract() throws {
        let registry = ModuleRegistry()
        defer { withExtendedLifetime(registry) {} }
        let table = try #require(DynChain_RegistryFind(registry.pointer, Self.typeId)).pointee
        #expect(String(cString: table.typeName) == "common_eq_v1")
        #expect(String(cString: table.instanceName) == "eq")
        let parameters = UnsafeBufferPointer(start: table.params, count: Int(table.numParams))
        #expect(parameters.map { String(cString: $0.name) } == ["type", "freq", "gainDb", "q", "bandEnable"])
        #expect(parameters.map(\.paramTypeId) == [1, 2, 3, 4, 5])
        #expect(parameters.map(\.minValue) == [0, 10, -30, 0.1, 0])
        #expect(parameters.map(\.maxValue) == [9, 0.49, 30, 100, 1])
        #expect(parameters.map(\.defaultValue) == [0, 1000, 0, 0.7071, 0])
        for parameter in parameters {
            #expect(parameter.dims.0 == UInt8(ascii: "c") && parameter.dims.1 == UInt8(ascii: "b"))
            #expect(parameter.extents.0 == 0 && parameter.extents.1 == 20)
            #expect(parameter.role == UInt8(DYNCHAIN_ROLE_TUNABLE.rawValue))
            #expect(parameter.change == UInt8(DYNCHAIN_CHANGE_SWITCHED.rawValue))
        }
        let names = UnsafeBufferPointer(start: parameters[0].values, count: Int(parameters[0].numValues))
        #expect(names.compactMap { $0.map { String(cString: $0) } } == BiquadDesign.FilterType.allCases.map { "\($0)" })
    }
}
