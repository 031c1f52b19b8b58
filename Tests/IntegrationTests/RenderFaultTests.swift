import Foundation
import Testing

/// What `soundpost render` says to files that are wrong: status 1 and a line with the file and the place in it.
struct RenderFaultTests {
    private let directory: TemporaryDirectory
    private let input: URL

    init() throws {
        directory = try TemporaryDirectory()
        input = directory.file("in.wav")
        try AudioData.noise(channels: 2, frames: 480).write(to: input)
    }

    private func render(chain: String? = nil, input: String? = nil, _ options: [String]) async throws -> String {
        let output = directory.file("out.wav")
        let outcome = try await SoundpostExecutable.run(
            ["render", chain ?? ExampleChain.stereoTone.path, input ?? self.input.path, output.path] + options
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: output.path))
        return outcome.diagnostics
    }

    @Test(
        arguments: [
            (#"{"gain#1": {"gainDb#0": 99}}"#, ["gain#1", "gainDb#0", "99"]),
            (#"{"gain#1": {"gainDb#2": 0}}"#, ["gain#1", "gainDb#2"]),
            (#"{"gain#1": {"gainDb": 0}}"#, ["gain#1", "gainDb"]),
            (#"{"gain#1": {"volume": 0}}"#, ["gain#1", "volume"]),
            (#"{"gain#7": {"gainDb#0": 0}}"#, ["gain#7"]),
            (#"{"nonsense": {"gainDb#0": 0}}"#, ["nonsense"]),
            (#"{"gain#1": {"gainDb##": 0}}"#, ["gain#1", "gainDb##"]),
            (#"{"gain#1": {"mute#0": 3}}"#, ["gain#1", "mute#0"]),
            (#"{"gain#1": {"gainDb#0": "loud"}}"#, ["gain#1", "gainDb#0", "loud"]),
            (#"{"gain#1": {"gainDb#0": [1]}}"#, ["gain#1", "gainDb#0"]),
            (#"{"eq#1": {"type#0#0": "bell"}}"#, ["eq#1", "type#0#0", "bell"]),
            (#"{"gain#1": 3}"#, ["gain#1"]),
            ("[1, 2]", []),
            ("{", []),
            ("", []),
        ] as [(String, [String])]
    )
    func parameterFileFaultIsNamed(_ text: String, _ words: [String]) async throws {
        let file = try directory.write("values.json", text)
        let message = try await render(["--params", file])
        #expect(message.contains("values.json"))
        for word in words { #expect(message.contains(word), "\(message)") }
    }

    @Test
    func allParameterFaultsAreNamedAtOnce() async throws {
        let file = try directory.write(
            "values.json", #"{"gain#1": {"gainDb#0": 99, "volume": 1}, "limiter#1": {"ceilingDb": 3}}"#
        )
        let message = try await render(["--params", file])
        for word in ["gainDb#0", "volume", "ceilingDb"] { #expect(message.contains(word), "\(message)") }
    }

    @Test
    func deeplyNestedParameterFileIsRefused() async throws {
        let text = String(repeating: "[", count: 100_000)
        let message = try await render(["--params", try directory.write("values.json", text)])
        #expect(message.contains("values.json"))
    }

    @Test(
        arguments: [
            (#"{"eq#1": 2}"#, ["eq#1", "2"]),
            (#"{"eq#9": 1}"#, ["eq#9"]),
            (#"{"eq#1": "one"}"#, ["eq#1"]),
            ("7", []),
        ] as [(String, [String])]
    )
    func assignmentFileFaultIsNamed(_ text: String, _ words: [String]) async throws {
        let file = try directory.write("cores.json", text)
        let message = try await render(["--cores", "2", "--assign", file])
        for word in words + ["cores.json"] { #expect(message.contains(word), "\(message)") }
    }

    @Test
    func missingFilesAreNamed() async throws {
        #expect(try await render(chain: "/nonexistent/chain.json", []).contains("/nonexistent/chain.json"))
        #expect(try await render(input: "/nonexistent/in.wav", []).contains("/nonexistent/in.wav"))
        #expect(try await render(["--params", "/nonexistent/p.json"]).contains("/nonexistent/p.json"))
        #expect(try await render(["--assign", "/nonexistent/a.json"]).contains("/nonexistent/a.json"))
    }

    @Test
    func inputThatIsNoAudioIsNamed() async throws {
        let file = try directory.write("text.wav", "this is no audio")
        #expect(try await render(input: file, []).contains("text.wav"))
    }

    @Test
    func chainWithFaultsIsNamedWithItsPlace() async throws {
        let chain = try directory.write("bad.json", ChainText.series([("gain#1", "no_such_module_v1")]))
        let message = try await render(chain: chain, [])
        #expect(message.contains("bad.json"))
        #expect(message.contains("chains.main.nodes[0]"))
    }

    @Test
    func outputFolderThatIsMissingIsNamed() async throws {
        let outcome = try await SoundpostExecutable.run(
            "render", ExampleChain.stereoTone.path, input.path, "/nonexistent/out.wav"
        )
        #expect(outcome.status == 1)
        #expect(outcome.diagnostics.contains("/nonexistent/out.wav"))
    }

    @Test(
        arguments: [
            ["--block", "0"], ["--block", "9000"], ["--cores", "17"], ["--cores", "0"], ["--tail=-1"], ["--tail", "x"],
            ["--nonsense"],
        ]
    )
    func optionOutOfRangeIsWrongUsage(_ options: [String]) async throws {
        let outcome = try await SoundpostExecutable.run(
            ["render", ExampleChain.stereoTone.path, input.path, directory.file("out.wav").path] + options
        )
        #expect(outcome.status == 64)
        #expect(outcome.diagnostics.contains(options[0].prefix { $0 != "=" }))
    }

    @Test
    func outputOfUnknownFormatIsWrongUsage() async throws {
        let outcome = try await SoundpostExecutable.run(
            "render", ExampleChain.stereoTone.path, input.path, directory.file("out.mp9").path
        )
        #expect(outcome.status == 64)
        #expect(outcome.diagnostics.contains("out.mp9"))
    }
}
