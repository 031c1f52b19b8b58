import AudioEngine
import Foundation
import Testing

/// `soundpost render`, on the examples and on short noise.
struct RenderTests {
    private struct Report: Decodable {
        struct Module: Decodable {
            let instanceId: String
            let core: Int
            let nsPerSample: Double
        }

        let latencySamples: Int
        let realtimeFactor: Double
        let modules: [Module]
    }

    private let directory: TemporaryDirectory
    private let input: URL
    private let noise = AudioData.noise(channels: 2, frames: 7001)

    init() throws {
        directory = try TemporaryDirectory()
        input = directory.file("in.wav")
        try noise.write(to: input)
    }

    /// Renders and expects success.
    private func render(_ chain: String, to name: String, _ options: [String] = []) async throws -> AudioData {
        let outcome = try await SoundpostExecutable.run(
            ["render", chain, input.path, directory.file(name).path] + options
        )
        #expect(outcome.status == 0)
        #expect(outcome.diagnostics.isEmpty, "no progress in a pipe, no complaint")
        return try AudioData(contentsOf: directory.file(name))
    }

    private func report(_ name: String) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(contentsOf: directory.file(name)))
    }

    @Test(arguments: ExampleChain.allCases)
    func exampleRendersWithItsLatencyAsTail(_ example: ExampleChain) async throws {
        let report = directory.file("report.json").path
        let output = try await render(
            example.path, to: "out.wav", ["--params", example.parameters, "--report", report]
        )
        let facts = try self.report("report.json")
        // The look-ahead of the limiter: 1.5 ms at 48 kHz.
        #expect(facts.latencySamples == 72)
        #expect(output.channels == example.outputChannels)
        #expect(output.sampleRate == 48000)
        #expect(output.frames == noise.frames + 72)
        #expect(output.samples.allSatisfy { $0.isFinite })
        for channel in 0..<output.channels {
            #expect(output.channel(channel).contains { abs($0) > 0.001 }, "output \(channel) is silent")
        }
        #expect(facts.realtimeFactor > 0)
        #expect(facts.modules.contains { $0.instanceId == (example == .twoWayActive ? "woofer#1.eq#1" : "eq#1") })
        #expect(facts.modules.allSatisfy { $0.core == 0 && $0.nsPerSample >= 0 })
    }

    @Test(arguments: ExampleChain.allCases)
    func blockSizeDoesNotChangeTheFile(_ example: ExampleChain) async throws {
        var files: Set<Data> = []
        for block in [1, 32, 240, 1000] {
            _ = try await render(
                example.path, to: "block\(block).wav", ["--params", example.parameters, "--block", "\(block)"]
            )
            files.insert(try Data(contentsOf: directory.file("block\(block).wav")))
        }
        #expect(files.count == 1)
    }

    @Test(arguments: ExampleChain.allCases)
    func moreCoresGiveTheSameSamplesLaterByTheReportedLatency(_ example: ExampleChain) async throws {
        let single = try await render(
            example.path, to: "1.wav",
            ["--params", example.parameters, "--report", directory.file("1.json").path, "--tail", "2000"]
        )
        let base = try report("1.json").latencySamples
        for cores in [2, 4] {
            let assignment = try JSONEncoder().encode(example.assignment(cores: cores))
            try assignment.write(to: directory.file("cores.json"))
            let spread = try await render(
                example.path, to: "\(cores).wav",
                [
                    "--params", example.parameters, "--report", directory.file("\(cores).json").path, "--tail", "2000",
                    "--cores", "\(cores)", "--assign", directory.file("cores.json").path,
                ]
            )
            let late = try report("\(cores).json").latencySamples - base
            #expect(late > 0 && late % 240 == 0, "whole frames")
            #expect(spread.prefix(frames: late).samples.allSatisfy { $0 == 0 })
            #expect(spread.dropping(frames: late) == single.prefix(frames: single.frames - late))
        }
    }

    @Test
    func untouchedFloatSamplesComeOutBitForBit() async throws {
        let chain = try directory.write("gain.json", ChainText.series([("gain#1", "channel_gain_v1")]))
        let output = try await render(chain, to: "out.wav")
        #expect(output == noise)
    }

    @Test
    func parametersOfTheFileAreHeard() async throws {
        let chain = try directory.write("gain.json", ChainText.series([("gain#1", "channel_gain_v1")]))
        let values = try directory.write(
            "values.json", #"{"gain#1": {"phase[0]": true, "mute#1": "true"}}"#
        )
        let output = try await render(chain, to: "out.wav", ["--params", values])
        #expect(output.channel(0) == noise.channel(0).map { -$0 })
        #expect(output.channel(1).allSatisfy { $0 == 0 })
    }

    @Test
    func tailIsAsLongAsAskedFor() async throws {
        let output = try await render(ExampleChain.stereoTone.path, to: "out.wav", ["--tail", "0"])
        #expect(output.frames == noise.frames)
    }

    @Test
    func flacIsWritten() async throws {
        let chain = try directory.write("gain.json", ChainText.series([("gain#1", "channel_gain_v1")]))
        let output = try await render(chain, to: "out.flac")
        #expect(try Data(contentsOf: directory.file("out.flac")).starts(with: Data("fLaC".utf8)))
        // Two steps of 24 bits: dither of one, rounding of a half.
        #expect(zip(output.samples, noise.samples).allSatisfy { abs($0 - $1) < 2.01 / Float(1 << 23) })
    }

    @Test
    func otherSampleRateIsRefusedUntilAskedFor() async throws {
        let slow = directory.file("slow.wav")
        try AudioData.noise(channels: 2, frames: 4410, sampleRate: 44100).write(to: slow)
        let output = directory.file("out.wav")
        let arguments = ["render", ExampleChain.stereoTone.path, slow.path, output.path]
        let refused = try await SoundpostExecutable.run(arguments)
        #expect(refused.status == 1)
        #expect(refused.diagnostics.contains("slow.wav"))
        #expect(refused.diagnostics.contains("44100"))
        #expect(refused.diagnostics.contains("--resample"))
        #expect(!FileManager.default.fileExists(atPath: output.path))

        let converted = try await SoundpostExecutable.run(arguments + ["--resample"])
        #expect(converted.status == 0)
        let audio = try AudioData(contentsOf: output)
        #expect(audio.sampleRate == 48000)
        #expect(abs(audio.frames - 4800 - 72) <= 1)
    }

    @Test
    func interruptedRenderLeavesNothing() async throws {
        let long = directory.file("long.wav")
        try AudioData.noise(channels: 2, frames: 4_000_000).write(to: long)
        let folder = try TemporaryDirectory()
        let process = try SoundpostExecutable.makeProcess(
            [
                "render", ExampleChain.twoWayActive.path, long.path, folder.file("out.wav").path, "--params",
                ExampleChain.twoWayActive.parameters, "--block", "1",
            ]
        )
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // The writer's own hidden file is the sign that rendering is under way.
        while process.isRunning, try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty {
            await Task.yield()
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }
}
