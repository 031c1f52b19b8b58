import Testing

@testable import AudioEngine

@Suite struct SampleSourceTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    func read(_ source: any SampleSource, frames: Int, block: Int) throws -> [Float] {
        var result: [Float] = []
        while result.count < frames * source.channels {
            let wanted = min(block, frames - result.count / source.channels)
            var chunk = [Float](repeating: .nan, count: wanted * source.channels)
            let count = try source.read(into: &chunk, frames: wanted)
            result += chunk.prefix(count * source.channels)
            if count < wanted { break }
        }
        return result
    }

    func file(_ signal: Signal, loops: Bool) throws -> FileSource {
        let path = folder.file("source.wav")
        try signal.write(to: path)
        return FileSource(reader: try AudioFileReader(path: path), loops: loops)
    }

    @Test(arguments: [1, 7, 1000, 4096])
    func aLoopingFileHasNoGap(block: Int) throws {
        let signal = Signal.noise(channels: 2, count: 1000)
        let samples = try read(file(signal, loops: true), frames: 3500, block: block)
        let once = signal.interleaved
        #expect(samples == Array((once + once + once + once).prefix(7000)))
    }

    @Test func aFileThatDoesNotLoopEndsAfterItsLastSample() throws {
        let signal = Signal.noise(channels: 2, count: 1000)
        #expect(try read(file(signal, loops: false), frames: 5000, block: 300) == signal.interleaved)
    }

    @Test func anEmptyFileEndsEvenWhenItLoops() throws {
        #expect(try read(file(Signal(channels: [[]]), loops: true), frames: 100, block: 10).isEmpty)
    }

    @Test func aLoopIsResampledAsOneEndlessStream() throws {
        // 441 samples hold ten periods: looped, the sine never ends, so any seam would show.
        let sine = Signal.sine(1000, amplitude: 0.5, count: 441, rate: 44_100)
        let source = try ResampledSource(file(sine, loops: true), sampleRate: 48_000, quality: .best)
        let samples = try read(source, frames: 24_000, block: 333)
        let expected = Signal.sine(1000, amplitude: 0.5, count: 24_000).channels[0]
        #expect(samples.count == 24_000)
        for index in 500..<24_000 { #expect(abs(samples[index] - expected[index]) < 2e-5) }
    }

    @Test func aResampledFileThatEndsHasTheLengthOfTheRatio() throws {
        var second = Signal.noise(channels: 2, count: 44_100)
        second.sampleRate = 44_100
        let source = try ResampledSource(file(second, loops: false), sampleRate: 48_000, quality: .medium)
        let frames = try read(source, frames: 100_000, block: 512).count / 2
        #expect(abs(frames - 48_000) <= 1)
    }

    @Test func programMaterialIsTheSameInBlocksOfAnySize() throws {
        let whole = try read(ProgramMaterial(channels: 2, sampleRate: 48_000), frames: 60_000, block: 60_000)
        let pieces = try read(ProgramMaterial(channels: 2, sampleRate: 48_000), frames: 60_000, block: 97)
        #expect(whole == pieces)
    }

    @Test func programMaterialStaysBelowFullScaleAndIsHeard() throws {
        let rate = 16_000
        let samples = try read(ProgramMaterial(channels: 2, sampleRate: rate), frames: 25 * rate, block: 4096)
        let peak = samples.reduce(0) { max($0, abs($1)) }
        let power = samples.reduce(0.0) { $0 + Double($1 * $1) } / Double(samples.count)
        #expect(peak < 0.708)
        #expect(power.squareRoot() > 0.03)
    }

    @Test func programMaterialFillsEveryChannelOfAChain() throws {
        let stereo = Signal(
            interleaved: try read(ProgramMaterial(channels: 2, sampleRate: 48_000), frames: 5000, block: 500),
            channels: 2
        )
        let many = Signal(
            interleaved: try read(ProgramMaterial(channels: 5, sampleRate: 48_000), frames: 5000, block: 500),
            channels: 5
        )
        let sides = [0, 1, 0, 1, 0].map { stereo.channels[$0] }
        #expect(many.channels == sides)
    }
}
