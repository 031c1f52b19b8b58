import Foundation
import Testing

@testable import AudioEngine

@Suite struct SpectrumAnalyzerTests {
    let scale = SpectrumAnalyzer.Scale()

    func sine(_ frequency: Double, _ amplitude: Double, count: Int = 8192) -> [Float] {
        (0..<count).map { Float(amplitude * sin(2 * Double.pi * frequency * Double($0) / 48_000)) }
    }

    func frequency(_ index: Int) -> Double {
        scale.minHz * pow(scale.maxHz / scale.minHz, Double(index) / Double(scale.points - 1))
    }

    @Test(arguments: [(100.0, 1.0), (997, 0.5), (5000, 0.01), (15_000, 0.25)])
    func aSineReadsItsLevelAtItsFrequency(_ frequency: Double, _ amplitude: Double) throws {
        let levels = SpectrumAnalyzer(size: 8192)
            .levels(of: sine(frequency, amplitude), channels: 1, sampleRate: 48_000)
        let peak = try #require(levels.indices.max { levels[$0] < levels[$1] })
        // A Hann window loses up to 1.42 dB between two bins; below 200 Hz a bin is wider than a point of the scale.
        #expect(abs(Double(levels[peak]) - 20 * log10(amplitude)) < 1.5)
        #expect(abs(log2(self.frequency(peak) / frequency)) < 0.1)
        #expect(levels[0] < levels[peak] - 40)
    }

    /// Against the plain sum that defines the transform.
    @Test func theTransformIsTheFourierSum() {
        let size = 64
        let samples = Signal.noise(channels: 1, count: size).channels[0]
        let exact = SpectrumAnalyzer.Scale(minHz: 48_000 / 64 * 3, maxHz: 48_000 / 64 * 20, points: 2)
        let levels = SpectrumAnalyzer(size: size).levels(
            of: samples, channels: 1, sampleRate: 48_000, scale: exact)
        for (point, bin) in [3, 20].enumerated() {
            // With two points far apart each shows the strongest bin of its half of the scale.
            let bins = point == 0 ? 2...7 : 8...32
            let strongest =
                bins.map { bin -> Double in
                    var re = 0.0
                    var im = 0.0
                    for n in 0..<size {
                        let window = 0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(size))
                        let angle = 2 * Double.pi * Double(bin) * Double(n) / Double(size)
                        re += window * Double(samples[n]) * cos(angle)
                        im -= window * Double(samples[n]) * sin(angle)
                    }
                    return 20 * log10((re * re + im * im).squareRoot() * 4 / Double(size))
                }.max() ?? 0
            #expect(abs(Double(levels[point]) - strongest) < 1e-3, "bin \(bin)")
        }
    }

    @Test func channelsAreAveragedOrTakenAlone() {
        let analyzer = SpectrumAnalyzer(size: 8192)
        let tone = sine(1000, 1)
        let stereo: [Float] = tone.flatMap { [$0, 0] }
        let left = analyzer.levels(of: stereo, channels: 2, channel: 0, sampleRate: 48_000).max() ?? 0
        let right = analyzer.levels(of: stereo, channels: 2, channel: 1, sampleRate: 48_000)
        let both = analyzer.levels(of: stereo, channels: 2, sampleRate: 48_000).max() ?? 0
        #expect(right.allSatisfy { $0 == SpectrumAnalyzer.floorDb })
        #expect(abs(left - both - 3.0103) < 0.01)
    }

    @Test func aboveHalfTheRateIsNothing() {
        let wide = SpectrumAnalyzer.Scale(minHz: 20, maxHz: 40_000, points: 100)
        let levels = SpectrumAnalyzer(size: 1024)
            .levels(of: Signal.noise(channels: 1, count: 1024).channels[0], channels: 1, sampleRate: 8000, scale: wide)
        #expect(levels.last == SpectrumAnalyzer.floorDb)
        #expect(levels.allSatisfy { $0.isFinite })
    }
}
