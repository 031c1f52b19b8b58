import Foundation
import Testing

/// Help, version and wrong usage.
struct UsageTests {
    @Test(
        arguments: [
            ["serve"], ["render"], ["chain"], ["chain", "check"], ["chain", "flatten"], ["chain", "frame"],
            ["response"], ["version"], ["get"], ["set"], ["watch"], ["preset"], ["preset", "list"], ["preset", "save"],
            ["preset", "load"], ["preset", "delete"], ["preset", "diff"], ["profile"], ["profile", "list"],
            ["profile", "save"], ["profile", "load"], ["profile", "delete"], ["history"], ["undo"], ["redo"],
            ["archive"], ["archive", "export"], ["archive", "import"], ["config"], ["config", "show"],
            ["config", "example"],
        ]
    )
    func helpHasOneExample(_ command: [String]) async throws {
        let outcome = try await SoundpostExecutable.run(command + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.text.components(separatedBy: "Example:").count == 2)
        #expect(outcome.text.contains("soundpost \(command.joined(separator: " "))"))
        #expect(outcome.diagnostics.isEmpty)
    }

    @Test(
        arguments: [
            ["nonsense"], ["render"], ["render", "a.json"], ["chain", "nonsense"], ["chain", "check"], ["response"],
            ["response", "a.json", "--format", "bmp"], ["response", "a.json", "--points", "1"],
            ["response", "a.json", "--channel", "-1"], ["chain", "frame", "a.json", "--link-version", "5"],
            ["serve", "--port", "65536"], ["serve", "--port", "x"], ["serve", "--cores", "0"],
            ["serve", "--cores", "17"],
            ["serve", "--source", "radio"], ["serve", "--sink", "file:"], ["serve", "--log-format", "xml"],
            ["serve", "--log-level", "loud"], ["config", "show", "--cores", "0"], ["config", "nonsense"],
            ["serve", "--host", "example.org"], ["version", "--nonsense"],
            ["set", "gain#1"], ["set", "gain#1", "gainDb#0"], ["set", "gain#1", "a", "1", "a", "2"],
            ["set", "gain#1", "a", "--nonsense"], ["get", "a", "b", "c"], ["get", "--url", "ftp://studio"],
            ["get", "--name", "ws-1"], ["watch", "--meters", "1"], ["watch", "--events", "weather"],
            ["profile", "save", "p", "eq#1"], ["profile", "save", "p", "eq#1=a", "eq#1=b"],
            ["history", "--limit", "0"],
            ["preset", "nonsense"], ["archive", "export"],
        ]
    )
    func wrongUsageIsStatus64WithAMessage(_ arguments: [String]) async throws {
        let outcome = try await SoundpostExecutable.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.diagnostics.isEmpty)
    }

    @Test
    func versionNamesLibrariesABIAndInstructionSet() async throws {
        struct Version: Decodable {
            let soundpost: String
            let swift: String
            let dynamicChainAbi: Int
            let vectorIsa: String
            let libraries: [String: String]
        }

        let outcome = try await SoundpostExecutable.run("version", "--json")
        #expect(outcome.status == 0)
        let version = try JSONDecoder().decode(Version.self, from: outcome.output)
        #expect(version.dynamicChainAbi == 1)
        #expect(version.swift.hasPrefix("6."))
        #expect(!version.vectorIsa.isEmpty)
        #expect(version.libraries.keys.sorted() == ["PortAudio", "libsamplerate", "libsndfile"])
        #expect(version.libraries.values.allSatisfy { !$0.isEmpty })

        let text = try await SoundpostExecutable.run("version")
        #expect(text.lines.count == 8)
        let short = try await SoundpostExecutable.run("--version")
        #expect(short.text == version.soundpost + "\n")
    }
}
