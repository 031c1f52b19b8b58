import DynamicChain
import Testing

@Suite struct ChainTests {
    private let registry = ModuleRegistry()

    /// gain#1 between an external input and output, both stereo, rates inherited.
    private let frame: [UInt8] =
        [1, 0, 0x01, 0x30, 0x67, 0x16, 6] + Array("gain#1".utf8) + [2]
        + [2] + Array("in".utf8) + [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        + [3] + Array("out".utf8) + [1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        + [2, 0]
        + [0xFF, 0, 0, 0, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        + [0, 1, 0xFF, 0, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]

    private func chain(_ frame: [UInt8]? = nil, channels: Int = 2) throws -> Chain {
        try Chain(
            configuration: ChainConfiguration(
                registry: registry,
                sampleRate: 48_000,
                frameSize: 64,
                inputChannels: [channels],
                outputChannels: [channels]
            ),
            frame: frame ?? self.frame,
            version: 4
        )
    }

    @Test func valuesBeforeTheFirstFrameApplyAtOnce() throws {
        let chain = try chain()
        try chain.rebuild()
        try chain.setParameter(module: 0, parameter: 1, index: 0, value: Float(-120))
        try chain.setParameter(module: 0, parameter: 3, index: 1, value: true)
        let input: [[Float]] = [(0..<1000).map { Float($0) }, (0..<1000).map { -Float($0) }]
        let output = try chain.process(input)
        #expect(output[0] == [Float](repeating: 0, count: 1000))
        #expect(output[1] == input[0])
        #expect(try chain.parameter(module: 0, parameter: 1, index: 0, size: 4) == [0, 0, 0xF0, 0xC2])
        #expect(chain.moduleCount == 1)
        #expect(chain.instanceID(ofModule: 0) == "gain#1")
        #expect(chain.instanceID(ofModule: 1) == nil)
    }

    @Test func aDisabledModuleIsACopy() throws {
        let chain = try chain()
        try chain.rebuild()
        try chain.setParameter(module: 0, parameter: 1, index: 0, value: Float(12))
        try chain.setEnabled(module: 0, false)
        let input: [[Float]] = [[0.25, -0.5, 1e-20], [1, 2, 3]]
        #expect(try chain.process(input) == input)
    }

    @Test func badValuesAreErrorsWithTheirPlace() throws {
        let chain = try chain()
        try chain.rebuild()
        let range = #expect(throws: DynChainError.self) {
            try chain.setParameter(module: 0, parameter: 1, index: 0, value: Float(25))
        }
        #expect(range?.code == .argument)
        let unknown = #expect(throws: DynChainError.self) {
            try chain.setParameter(module: 0, parameter: 99, index: 0, value: Float(0))
        }
        #expect(unknown?.code == .unknown)
        #expect(unknown?.description.contains("parameter 99") == true)
        #expect(throws: DynChainError.self) {
            try chain.setParameter(module: -1, parameter: 1, index: 0, value: Float(0))
        }
        #expect(throws: DynChainError.self) {
            try chain.setParameter(module: 0, parameter: 1, index: 2, value: Float(0))
        }
        #expect(throws: DynChainError.self) {
            try chain.setParameter(module: 0, parameter: 1, index: 0, value: [0, 0])
        }
    }

    @Test func badFramesAreErrors() throws {
        #expect(throws: DynChainError.self) { try chain([]) }
        #expect(throws: DynChainError.self) { try chain(Array(frame.dropLast())) }
        let widths = #expect(throws: DynChainError.self) { try chain(channels: 3) }
        #expect(widths?.code == .frame)
    }
}

@Suite struct BiquadDesignTests {
    @Test func aLowPassIsThatOfTheCookbook() throws {
        // Frequency at a quarter of the rate and Q = 1/√2: cos ω = 0, α = 1/√2.
        let q = Float(0.5.squareRoot())
        let biquad = try BiquadDesign.coefficients(
            type: .lowPass, frequency: 12_000, gainDb: 0, q: q, sampleRate: 48_000)
        let alpha = 1 / (2 * Double(q))
        #expect(abs(biquad.b0 - 0.5 / (1 + alpha)) < 1e-12)
        #expect(abs(biquad.b1 - 1 / (1 + alpha)) < 1e-12)
        #expect(abs(biquad.a1) < 1e-12)
        #expect(abs(biquad.a2 - (1 - alpha) / (1 + alpha)) < 1e-12)
    }

    @Test func aPeakOfNoGainIsTransparent() throws {
        let biquad = try BiquadDesign.coefficients(type: .peaking, frequency: 997, gainDb: 0, q: 3, sampleRate: 44_100)
        #expect(biquad.b0 == 1)
        #expect(biquad.b1 == biquad.a1)
        #expect(abs(biquad.b2 - biquad.a2) < 1e-15)
    }

    @Test(arguments: [(Float(0), Float(1)), (24_000, 1), (.nan, 1), (100, 0), (100, -1), (100, .infinity)])
    func valuesOutOfRangeAreErrors(frequency: Float, q: Float) {
        let error = #expect(throws: DynChainError.self) {
            try BiquadDesign.coefficients(type: .notch, frequency: frequency, gainDb: 0, q: q, sampleRate: 48_000)
        }
        #expect(error?.code == .argument)
    }
}
