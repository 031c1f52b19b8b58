import Foundation
import Testing
extension NodeSuites {
    /// Presets, profiles, history and undo from the command line, against a running node.
    struct PresetCommandTests {
        private let directory: TemporaryDirectory
        private let node: RunningNode

        init() throws {
            directory = try TemporaryDirectory()
            node = try RunningNode(["--data", directory.file("data").path, "--source", "silence", "--no-sim"])
        }

        private func run(_ arguments: String...) async throws -> SoundpostExecutable.Outcome {
            try await SoundpostExecutable.run(arguments + ["--url", node.address.absoluteString])
        }

        /// Runs a command that must succeed.
        @discardableResult
        private func done(_ arguments: String...) async throws -> SoundpostExecutable.Outcome {
            let outcome = try await SoundpostExecutable.run(arguments + ["--url", node.address.absoluteString])
            #expect(outcome.status == 0, "\(arguments): \(outcome.diagnostics)")
            return outcome
        }

        @Test
        func getPrintsAllValuesOfAModuleAndOfTheNode() async throws {
            try await done("set", "gain#1", "gainDb#1", "-2")
            let module = try await done("get", "gain#1")
            #expect(module.lines.contains("gain#1 gainDb#1 -2"))
            #expect(module.lines.allSatisfy { $0.hasPrefix("gain#1 ") })
            let all = try await done("get", "--json")
            let values = try JSONDecoder().decode([String: [String: String]].self, from: all.output)
            #expect(values["gain#1"]?["gainDb#1"] == "-2")
            #expect(values["eq#1"] != nil)
        }

        @Test
        func presetIsSavedListedComparedLoadedAndDeleted() async throws {
            try await done("set", "gain#1", "gainDb#0", "-3", "gainDb#1", "-3")
            #expect(try await done("preset", "save", "gain#1", "quiet", "--title", "Quiet, please").output.isEmpty)
            try await done("set", "gain#1", "gainDb#0", "-9")
            #expect(try await done("preset", "list", "gain#1").text == "* quiet  Quiet, please (changed)\n")
            #expect(try await done("preset", "diff", "gain#1", "quiet").text == "gainDb#0 -3 -9\n")
            let loaded = try await done("preset", "load", "gain#1", "quiet")
            #expect(loaded.lines.contains("gain#1 gainDb#0 -3"))
            #expect(try await done("get", "gain#1", "gainDb#0").text == "-3\n")
            #expect(try await done("preset", "diff", "gain#1", "quiet").output.isEmpty)
            try await done("preset", "delete", "gain#1", "quiet")
            #expect(try await done("preset", "list", "gain#1").output.isEmpty)
            let gone = try await run("preset", "load", "gain#1", "quiet")
            #expect(gone.status == 1)
            #expect(gone.diagnostics.contains("[unknown_preset]"))
        }

        @Test
        func profileCombinesPresets() async throws {
            try await done("set", "gain#1", "gainDb#0", "-3")
            try await done("preset", "save", "gain#1", "quiet")
            try await done("profile", "save", "night", "gain#1=quiet")
            try await done("set", "gain#1", "gainDb#0", "0")
            #expect(try await done("profile", "list").text == "night  night\n")
            #expect(try await done("profile", "load", "night").text == "gain#1 quiet\n")
            #expect(try await done("get", "gain#1", "gainDb#0").text == "-3\n")
            try await done("profile", "delete", "night")
            #expect(try await done("profile", "list").output.isEmpty)
        }

        @Test
        func historyIsReadAndUndoneAcrossCommandsOfOneName() async throws {
            try await done("set", "gain#1", "gainDb#0", "-3", "--name", "anna")
            try await done("set", "gain#1", "gainDb#1", "-4", "--name", "bert")
            let history = try await done("history", "--name", "anna")
            #expect(history.lines.count == 2)
            #expect(history.text.contains("anna"))
            #expect(try await done("undo", "--name", "anna").text.contains("gainDb#0"))
            #expect(try await done("get", "gain#1", "gainDb#0").text == "0\n")
            #expect(try await done("get", "gain#1", "gainDb#1").text == "-4\n")
            let nothing = try await run("undo", "--name", "anna")
            #expect(nothing.status == 1)
            #expect(nothing.diagnostics.contains("[nothing_to_undo]"))
            try await done("redo", "--name", "anna")
            #expect(try await done("get", "gain#1", "gainDb#0").text == "-3\n")
        }

        @Test
        func archiveBringsEverythingBack() async throws {
            let file = directory.file("all.zip")
            try await done("set", "gain#1", "gainDb#0", "-3")
            try await done("preset", "save", "gain#1", "quiet")
            let exported = try await done("archive", "export", file.path)
            let size = try Data(contentsOf: file).count
            #expect(exported.text == "\(file.path): \(size) bytes\n")
            try await done("preset", "delete", "gain#1", "quiet")
            try await done("set", "gain#1", "gainDb#0", "-9")
            try await done("archive", "import", file.path)
            #expect(try await done("get", "gain#1", "gainDb#0").text == "-3\n")
            #expect(try await done("preset", "list", "gain#1").text.contains("quiet"))
        }

        @Test
        func whatIsNoArchiveIsRefused() async throws {
            let file = try directory.write("no.zip", "this is no zip file")
            let outcome = try await run("archive", "import", file)
            #expect(outcome.status == 1)
            #expect(outcome.diagnostics.contains("refused"))
            let missing = try await run("archive", "import", "/nonexistent.zip")
            #expect(missing.status == 1)
            #expect(missing.diagnostics.contains("/nonexistent.zip"))
        }
    }
}
