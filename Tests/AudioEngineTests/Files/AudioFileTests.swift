import AudioEngine
import Foundation
import Testing

@Suite struct AudioFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: ["a.wav", "a.w64", "a.rf64", "a.aiff", "a.caf"])
    func floatContainersKeepEveryBit(name: String) throws {
        var signal = Signal.noise(channels: 3, count: 5000, peak: 4)
        signal.channels[1][7] = -0.0
        signal.channels[2][9] = Float.leastNonzeroMagnitude
        try signal.write(to: folder.file(name))
        #expect(try Signal(path: folder.file(name)).hasBits(of: signal))
    }

    @Test(arguments: [AudioFileFormat.Encoding.pcm16, .pcm24])
    func integerSamplesReturnUnchangedWithoutDither(encoding: AudioFileFormat.Encoding) throws {
        let full: Float = encoding == .pcm16 ? 0x1p15 : 0x1p23
        let steps: [Float] = [-full, -full + 1, -1, 0, 1, 12345, full - 1]
        let signal = Signal(channels: [steps.map { $0 / full }])
        for container in [AudioFileFormat.Container.wav, .flac] {
            let path = folder.file("\(encoding).\(container)")
            try signal.write(to: path, format: AudioFileFormat(container: container, encoding: encoding))
            #expect(try Signal(path: path) == signal)
        }
    }

    @Test func ditherMakesTheRoundingErrorIndependentOfTheSignal() throws {
        // A constant of a quarter step is lost without dither, and kept on average with it.
        let quarter = Signal(channels: [[Float](repeating: 0.25 / 32768, count: 100_000)])
        let path = folder.file("quarter.wav")
        let format = AudioFileFormat(container: .wav, encoding: .pcm16)
        try quarter.write(to: path, format: format, dither: false)
        #expect(try Signal(path: path).peak == 0)
        try quarter.write(to: path, format: format, dither: true)
        let samples = try Signal(path: path).channels[0].map { Double($0) * 32768 }
        let mean = samples.reduce(0, +) / Double(samples.count)
        #expect(abs(mean - 0.25) < 0.01)
        let power = samples.reduce(0) { $0 + ($1 - 0.25) * ($1 - 0.25) } / Double(samples.count)
        #expect(abs(power - 0.25) < 0.01, "triangular dither and rounding together have a quarter of a step squared")
    }

    @Test func integerFilesLimitAndCountWhatIsBeyondFullScale() throws {
        let path = folder.file("loud.wav")
        let writer = try AudioFileWriter(
            path: path,
            channels: 1,
            sampleRate: 48_000,
            format: AudioFileFormat(container: .wav, encoding: .pcm16),
            dither: false
        )
        let samples: [Float] = [2, -2, .nan, 0.5, .infinity]
        try samples.withUnsafeBufferPointer { try writer.write($0.baseAddress!, frames: samples.count) }
        try writer.close()
        #expect(writer.clippedSamples == 4)
        #expect(try Signal(path: path).channels[0] == [32767.0 / 32768, -1, 0, 0.5, 32767.0 / 32768])
    }

    @Test func equalSamplesMakeEqualFiles() throws {
        let signal = Signal.noise(channels: 2, count: 1000)
        for name in ["1.wav", "2.wav"] { try signal.write(to: folder.file(name)) }
        let files = ["1.wav", "2.wav"].map { FileManager.default.contents(atPath: folder.file($0)) }
        #expect(files[0] != nil && files[0] == files[1])
    }

    @Test func aFileAppearsWholeOrNotAtAll() throws {
        let path = folder.file("out.wav")
        let old = Signal.noise(channels: 1, count: 10)
        try old.write(to: path)
        do {
            let writer = try AudioFileWriter(path: path, channels: 1, sampleRate: 48_000)
            try [Float](repeating: 0, count: 100).withUnsafeBufferPointer {
                try writer.write($0.baseAddress!, frames: 100)
            }
            #expect(try Signal(path: path) == old, "the old file stands until the new one is complete")
        }
        #expect(try Signal(path: path) == old)
        #expect(try folder.contents == ["out.wav"], "a dropped writer leaves nothing behind")
    }

    @Test func anUnreadableFileIsNamedWithTheReason() throws {
        let missing = folder.file("missing.wav")
        let error = #expect(throws: EngineError.self) { try AudioFileReader(path: missing) }
        #expect(error?.code == .fileUnreadable)
        #expect(error?.message.contains(missing) == true)

        let text = folder.file("text.wav")
        try Data("no sound in here".utf8).write(to: URL(filePath: text))
        let refused = #expect(throws: EngineError.self) { try AudioFileReader(path: text) }
        #expect(refused?.message.contains(text) == true)
    }

    @Test func aLinkIsFollowedUnlessOnlyAPlainFileWillDo() throws {
        try Signal.noise(channels: 1, count: 10).write(to: folder.file("a.wav"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.wav"), withDestinationPath: folder.file("a.wav"))
        #expect(try AudioFileReader(path: folder.file("link.wav")).frameCount == 10)
        #expect(try AudioFileReader(path: folder.file("a.wav"), plainFileOnly: true).frameCount == 10)
        #expect(mkfifo(folder.file("pipe.wav"), 0o600) == 0)
        for name in ["link.wav", "pipe.wav", ".", "absent.wav"] {
            let path = folder.file(name)
            let error = #expect(throws: EngineError.self) { try AudioFileReader(path: path, plainFileOnly: true) }
            #expect(error?.code == .fileUnreadable)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test func aLengthThatTheFileDoesNotSayIsZero() throws {
        let path = folder.file("stream.flac")
        try Signal.noise(channels: 2, count: 5000).write(to: path)
        #expect(try AudioFileReader(path: path).frameCount == 5000)
        try FlacHeader.setFrameCount(0, of: path)
        let reader = try AudioFileReader(path: path)
        #expect(reader.frameCount == 0 && reader.isSeekable)
        var samples = [Float](repeating: 0, count: 2 * 6000)
        #expect(try reader.read(into: &samples, frames: 6000) == 5000)
    }

    @Test func anUnknownExtensionIsRefusedWithTheKnownOnes() {
        let error = #expect(throws: EngineError.self) { try AudioFileFormat(path: "song.mp9") }
        #expect(error?.code == .badArgument)
        #expect(error?.message.contains("song.mp9") == true)
        #expect(error?.message.contains(".flac") == true)
    }

    @Test func aFormatThatCannotHoldTheChannelsIsRefused() {
        let error = #expect(throws: EngineError.self) {
            try AudioFileWriter(path: folder.file("wide.flac"), channels: 9, sampleRate: 48_000)
        }
        #expect(error?.code == .badArgument)
        #expect(error?.message.contains("9 channels") == true)
    }

    @Test func aDirectoryThatIsMissingIsAnErrorOfTheFile() {
        let path = folder.file("none/out.wav")
        let error = #expect(throws: EngineError.self) {
            try AudioFileWriter(path: path, channels: 1, sampleRate: 48_000)
        }
        #expect(error?.code == .fileUnwritable)
        #expect(error?.message.contains(path) == true)
    }
}
