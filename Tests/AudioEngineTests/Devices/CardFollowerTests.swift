import CDynamicChain
import Foundation
import Testing

@testable import AudioEngine

struct CardFollowerTests {
    /// A tone that both cards hear in the same air: recorded by one clock, played by the other, it keeps its pitch and its
    /// purity.
    @Test(arguments: [0.0, 120, -2500])
    func aToneKeepsItsPitchAcrossClocks(ppm: Double) throws {
        let format = try HostFormat(chain: TestChain.series([TestChain.gain], frameSize: 64))
        let follower = try CardFollower(
            format: format, channels: CardChannels([2, 1], of: .input), cardLatency: 0.02)
        let block = format.frameSize
        let heardRate = 48_000 * (1 + ppm / 1e6)
        var heard = [Float](repeating: 0, count: 2 * block)
        var played: [Float] = []
        var samples = [Float](repeating: 0, count: 2 * block)
        var blocksHeard = 0
        for blocksPlayed in 0..<(60 * 48_000 / block) {
            let now = Double((blocksPlayed + 1) * block) / 48_000
            while Double((blocksHeard + 1) * block) / heardRate < now {
                for frame in 0..<block {
                    let seconds = Double(blocksHeard * block + frame) / heardRate
                    heard[2 * frame + 1] = Float(0.5 * sin(2 * .pi * 1000 * seconds))
                }
                blocksHeard += 1
                let at = UInt64(1e9 * (1 + Double(blocksHeard * block) / heardRate))
                DynFollower_CardBlock(follower.pointer, heard, 2, UInt32(block), at)
            }
            #expect(DynRing_ReadInterleaved(follower.ring.pointer, &samples, UInt32(block)) == block)
            DynFollower_Took(follower.pointer, UInt64(1e9 * (1 + now)))
            played += stride(from: 0, to: 2 * block, by: 2).map { samples[$0] }
            #expect(stride(from: 1, to: 2 * block, by: 2).allSatisfy { samples[$0] == 0 })
        }
        #expect(follower.resyncs == 0)
        // The first seconds belong to the loop, which has not met these clocks before.
        #expect(played.prefix(follower.delay / 2).allSatisfy { $0 == 0 })
        let settled = played[(45 * 48_000)...]
        let (amplitude, residual) = Self.fit(settled.prefix(48_000), frequency: 1000)
        #expect(abs(amplitude - 0.5) < 1e-3)
        #expect(20 * log10(residual / amplitude) < -60)
    }

    /// Amplitude of the sine at a frequency that comes closest (least squares), and the RMS of what is left.
    private static func fit(_ samples: ArraySlice<Float>, frequency: Double) -> (amplitude: Double, residual: Double) {
        var (real, imaginary, power) = (0.0, 0.0, 0.0)
        for (frame, sample) in samples.enumerated() {
            let phase = 2 * .pi * frequency * Double(frame) / 48_000
            real += Double(sample) * cos(phase)
            imaginary += Double(sample) * sin(phase)
            power += Double(sample) * Double(sample)
        }
        let count = Double(samples.count)
        let amplitude = 2 / count * (real * real + imaginary * imaginary).squareRoot()
        return (amplitude, max(power / count - amplitude * amplitude / 2, 0).squareRoot())
    }
}
