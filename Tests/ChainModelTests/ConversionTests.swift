import ChainModel
import DynamicChain
import Foundation
import Testing

@Suite struct UnitConversionTests {
    private let conversion = UnitConversion()

    @Test func decibelsAndFactors() {
        #expect(conversion.linear(decibels: 0) == 1)
        #expect(abs(conversion.linear(decibels: -6) - 0.501187233627272) < 1e-15)
        #expect(conversion.linear(decibels: -120) == 0)
        #expect(conversion.decibels(linear: 0) == -120)
        #expect(conversion.decibels(linear: 1e-9) == -120)
        #expect(abs(conversion.decibels(linear: -10) - 20) < 1e-12)
    }

    @Test func timesAndDistances() {
        #expect(conversion.samples(milliseconds: 1, sampleRate: 44_100) == 44)
        #expect(conversion.samples(milliseconds: 1.5, sampleRate: 48_000) == 72)
        #expect(conversion.samples(centimetres: 343, sampleRate: 48_000) == 480)
        #expect(UnitConversion(speedOfSound: 331.3).samples(centimetres: 331.3, sampleRate: 96_000) == 960)
        #expect(conversion.samples(milliseconds: .nan, sampleRate: 48_000) == nil)
        #expect(conversion.samples(milliseconds: 1e12, sampleRate: 48_000) == nil)
        #expect(conversion.milliseconds(samples: 48, sampleRate: 48_000) == 1)
        #expect(abs(conversion.centimetres(samples: 480, sampleRate: 48_000) - 343) < 1e-9)
    }
}

@Suite struct EqCascadeTests {
    @Test(arguments: 1...8, EqCascade.Shape.allCases)
    func butterworthIsThreeDecibelsDownAndMaximallyFlat(order: Int, shape: EqCascade.Shape) throws {
        let cascade = try #require(EqCascade(family: .butterworth, shape: shape, order: order, frequency: 1000))
        #expect(abs(try magnitude(cascade, at: 1000) - 0.5.squareRoot()) < 1e-6)
        for frequency in [125.0, 500, 2000, 8000] {
            // The bilinear transform maps frequencies by the tangent; the analogue prototype is known in closed form.
            let ratio = tan(.pi * frequency / 48_000) / tan(.pi * 1000 / 48_000)
            let exact = 1 / (1 + pow(shape == .lowPass ? ratio : 1 / ratio, Double(2 * order))).squareRoot()
            #expect(abs(try magnitude(cascade, at: frequency) - exact) < 1e-6)
        }
    }

    @Test(arguments: [2, 4, 6, 8])
    func linkwitzRileyIsSixDecibelsDownAndSumsFlat(order: Int) throws {
        let low = try #require(EqCascade(family: .linkwitzRiley, shape: .lowPass, order: order, frequency: 1000))
        let high = try #require(EqCascade(family: .linkwitzRiley, shape: .highPass, order: order, frequency: 1000))
        #expect(low.bands.reduce(0) { $0 + ($1.type.hasSuffix("1") ? 1 : 2) } == order)
        #expect(abs(try magnitude(low, at: 1000) - 0.5) < 1e-6)
        #expect(abs(try magnitude(high, at: 1000) - 0.5) < 1e-6)
        for frequency in [100.0, 700, 1400, 9000] {
            #expect(abs(try magnitude(low, at: frequency) + magnitude(high, at: frequency) - 1) < 1e-6)
        }
    }

    @Test func ordersThatAFamilyDoesNotHaveAreRefused() {
        #expect(EqCascade(family: .butterworth, shape: .lowPass, order: 0, frequency: 100) == nil)
        #expect(EqCascade(family: .butterworth, shape: .lowPass, order: 9, frequency: 100) == nil)
        #expect(EqCascade(family: .linkwitzRiley, shape: .lowPass, order: 3, frequency: 100) == nil)
        #expect(EqCascade(family: .linkwitzRiley, shape: .lowPass, order: 10, frequency: 100) == nil)
    }

    @Test func theParametersFitTheEqualiser() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(ports: nil, nodes: [ChainBuilder.node("eq#1", "common_eq_v1")], edges: [])
        )
        let resolver = ParameterResolver(chain: try ChainFlattener().flatten(link))
        let cascade = try #require(EqCascade(family: .butterworth, shape: .highPass, order: 5, frequency: 80))
        let parameters = cascade.parameters(channel: 1, firstBand: 17)
        #expect(parameters.count == 15)
        for (key, input) in parameters {
            #expect(throws: Never.self) { try resolver.resolve(instance: "eq#1", key: key, input: input) }
        }
        #expect(parameters.first?.key.description == "type#1#17")
    }

    private func magnitude(_ cascade: EqCascade, at frequency: Double) throws -> Double {
        try cascade.bands.reduce(1) { product, band in
            let type = try #require(BiquadDesign.FilterType.allCases.first { "\($0)" == band.type })
            let section = try BiquadDesign.coefficients(
                type: type,
                frequency: band.frequency,
                gainDb: 0,
                q: band.q,
                sampleRate: 48_000
            )
            let w = 2 * Double.pi * frequency / 48_000
            let numerator = hypot(
                section.b0 + section.b1 * cos(w) + section.b2 * cos(2 * w),
                section.b1 * sin(w) + section.b2 * sin(2 * w)
            )
            let denominator = hypot(
                1 + section.a1 * cos(w) + section.a2 * cos(2 * w),
                section.a1 * sin(w) + section.a2 * sin(2 * w)
            )
            return product * numerator / denominator
        }
    }
}
