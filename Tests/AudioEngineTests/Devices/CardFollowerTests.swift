import CDynamicChain
import Foundation
import Testing

@testable import AudioEngine

struct CardFollowerTests {
    /// A tone that both cards hear in the same air: recorded by one clock, played by the other, it keeps its pitch and
    /// its purity, and comes as late as is said.
    @Test(arguments: [0.0, 120, -2500])
    func aToneKeepsItsPitchAcrossClocks(ppm: Double) throws {
        let format = try HostFormat(chain: TestChain.series([TestChain.gain], frameSize: 64))
        let follower = try CardFollower(
            format: format, cardChannels: 2, channels: CardChannels([2, 1], of: .input), cardLatency: 0.02)
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
                    heard[2 * frame + 1] = Float(0.5 * sin(2 * .pi * Self.tone * seconds))
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
        for second in 45..<60 {
            let tone = Self.fit(played, from: second * 48_000)
            #expect(abs(tone.amplitude - 0.5) < 1e-3)
            #expect(20 * log10(tone.residual / tone.amplitude) < -60)
            let late = tone.delay - Double(follower.delay)
            #expect(abs(late - 192 * (late / 192).rounded()) < 2)
        }
    }

    @Test func aChannelThatTheCardLacksIsSilent() throws {
        let format = try HostFormat(chain: TestChain.series([TestChain.gain], frameSize: 64))
        for channels in [nil, try CardChannels([0, 1], of: .input), try CardChannels([9], of: .input)] {
            let follower = try CardFollower(format: format, cardChannels: 1, channels: channels, cardLatency: 0)
            var samples = [Float](repeating: 0, count: 128)
            let ones = [Float](repeating: 1, count: 64)
            for block in 0..<750 {
                #expect(DynRing_ReadInterleaved(follower.ring.pointer, &samples, 64) == 64)
                let now = UInt64(1_000_000_000 + block * 64 * 1_000_000_000 / 48_000)
                DynFollower_Took(follower.pointer, now)
                DynFollower_CardBlock(follower.pointer, ones, 1, 64, now)
            }
            let heard = (abs(samples[126] - 1) < 1e-3, abs(samples[127] - 1) < 1e-3)
            #expect(heard == (channels == nil, channels?.numbers == [0, 1]))
        }
    }

    /// The sine of the tone's frequency that comes closest to a second of samples (least squares): its amplitude and
    /// its delay to the tone that was played, modulo a period; and the RMS of what is left.
    private static func fit(_ samples: [Float], from start: Int) -> (amplitude: Double, delay: Double, residual: Double)
    {
        var (real, imaginary, power) = (0.0, 0.0, 0.0)
        for frame in start..<(start + 48_000) {
            let phase = 2 * .pi * tone * Double(frame) / 48_000
            let sample = Double(samples[frame])
            real += sample * sin(phase)
            imaginary += sample * cos(phase)
            power += sample * sample
        }
        let amplitude = 2 / 48_000 * (real * real + imaginary * imaginary).squareRoot()
        let delay = atan2(-imaginary, real) / (2 * .pi * tone) * 48_000
        return (amplitude, delay, max(power / 48_000 - amplitude * amplitude / 2, 0).squareRoot())
    }

    /// In Hz; its period is 192 samples.
    private static let tone = 250.0
}
