import AudioEngine
import Foundation
import Testing

@Suite struct ResamplerTests {
    @Test(arguments: [(44_100, 48_000), (48_000, 44_100), (96_000, 48_000)])
    func aSineKeepsItsFrequencyItsLevelAndItsPlace(rates: (from: Int, to: Int)) throws {
        let resampler = try Resampler(channels: 2, from: rates.from, to: rates.to)
        let input = Signal.sine(997, amplitude: 0.5, channels: 2, count: rates.from / 2, rate: rates.from)
        var output: [Float] = []
        let samples = input.interleaved
        for start in stride(from: 0, to: samples.count, by: 2000) {
            let end = min(start + 2000, samples.count)
            output += try samples.withUnsafeBufferPointer {
                try resampler.process(UnsafeBufferPointer(rebasing: $0[start..<end]), endOfInput: end == samples.count)
            }
        }
        #expect(abs(output.count / 2 - rates.to / 2) <= 1)
        let expected = Signal.sine(997, amplitude: 0.5, count: output.count / 2, rate: rates.to).channels[0]
        // The first and the last milliseconds see the cut of the signal.
        for frame in 2000..<(output.count / 2 - 2000) {
            #expect(abs(output[2 * frame] - expected[frame]) < 2e-5)
            #expect(output[2 * frame] == output[2 * frame + 1])
        }
    }

    @Test func anImpossibleRatioIsRefused() {
        let error = #expect(throws: EngineError.self) { try Resampler(channels: 1, from: 1, to: 48_000) }
        #expect(error?.message.contains("48000") == true)
    }
}
