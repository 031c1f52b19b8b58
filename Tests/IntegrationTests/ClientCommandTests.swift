import Foundation
import Testing
extension NodeSuites {
    /// The commands that speak to a node, against a running one.
    struct ClientCommandTests {
        private let directory: TemporaryDirectory
        private let node: RunningNode

        init() throws {
            directory = try TemporaryDirectory()
            node = try RunningNode(["--data", directory.file("data").path, "--source", "silence"])
        }

        private func run(_ arguments: String...) async throws -> SoundpostExecutable.Outcome {
            try await SoundpostExecutable.run(arguments + ["--url", node.address.absoluteString])
        }

        @Test
        func setPrintsWhatItSetAndGetReadsIt() async throws {
            let set = try await run("set", "gain#1", "gainDb[0]", "-6.5")
            #expect(set.status == 0)
            #expect(set.text == "gain#1 gainDb#0 -6.5\n")
            #expect(set.diagnostics.isEmpty)
            let get = try await run("get", "gain#1", "gainDb#0")
            #expect(get.status == 0)
            #expect(get.text == "-6.5\n")
        }

        @Test
        func severalAreSetTogetherOrNotAtAll() async throws {
            let set = try await run("set", "gain#1", "gainDb#0", "-1", "gainDb#1", "-2")
            #expect(set.text == "gain#1 gainDb#0 -1\ngain#1 gainDb#1 -2\n")
            let refused = try await run("set", "gain#1", "gainDb#0", "-3", "gainDb#1", "4000")
            #expect(refused.status == 1)
            #expect(refused.output.isEmpty)
            #expect(refused.diagnostics.contains("params.gainDb#1"))
            #expect(try await run("get", "gain#1", "gainDb#0").text == "-1\n")
        }

        @Test
        func refusedValueIsSaidWithItsField() async throws {
            let outcome = try await run("set", "gain#1", "gainDb#0", "loud")
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.diagnostics.contains("value: "))
            let unknown = try await run("get", "nobody#1", "gainDb#0")
            #expect(unknown.status == 1)
            #expect(unknown.diagnostics.contains("nobody#1"))
        }

        @Test
        func resultsAreJSONOnRequest() async throws {
            struct Value: Decodable, Equatable { let instanceId, paramId, value: String }
            struct Set: Decodable, Equatable { let instanceId: String, params: [String: String] }

            let set = try await run("set", "gain#1", "gainDb#0", "-4", "--json")
            let stored = try JSONDecoder().decode(Set.self, from: set.output)
            #expect(stored == Set(instanceId: "gain#1", params: ["gainDb#0": "-4"]))
            let get = try await run("get", "gain#1", "gainDb#0", "--json")
            let value = try JSONDecoder().decode(Value.self, from: get.output)
            #expect(value == Value(instanceId: "gain#1", paramId: "gainDb#0", value: "-4"))
        }

        @Test
        func nodeThatIsNotThereIsSaid() async throws {
            let address = node.address.absoluteString
            #expect(try node.stop(SIGTERM).status == 0)
            for arguments in [
                ["get", "gain#1", "gainDb#0"], ["watch"], ["archive", "export", directory.file("a.zip").path],
            ] {
                let outcome = try await SoundpostExecutable.run(arguments + ["--url", address])
                #expect(outcome.status == 1)
                #expect(outcome.output.isEmpty)
                #expect(outcome.diagnostics.contains("soundpost serve"))
            }
            #expect(!FileManager.default.fileExists(atPath: directory.file("a.zip").path))
        }

        @Test
        func unreadableTokenAndCertificateFilesAreNamed() async throws {
            let empty = try directory.write("empty", "")
            for (option, path) in [("--token-file", "/nonexistent/token"), ("--token-file", empty)] {
                let outcome = try await run("get", option, path)
                #expect(outcome.status == 1)
                #expect(outcome.diagnostics.contains(path))
            }
            let outcome = try await SoundpostExecutable.run("get", "--url", "https://127.0.0.1:1", "--ca", empty)
            #expect(outcome.status == 1)
            #expect(outcome.diagnostics.contains(empty))
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func watchPrintsChangesAndEndsCleanly(_ signal: Int32) async throws {
            let watch = try RunningCommand(
                ["watch", "--meters", "50"],
                environment: ["SOUNDPOST_URL": node.address.absoluteString]
            )
            try await untilItListens(watch, meters: "debug_metrics ")
            _ = try await run("set", "gain#1", "gainDb#0", "-2")
            let line = try await nextChange(of: watch, meters: "debug_metrics ")
            #expect(line == "param_update gain#1 gainDb#0 -2")
            let end = watch.stop(signal)
            #expect(end.status == 0)
            #expect(end.reason == .exit)
        }

        @Test
        func watchPrintsTheNodesJSON() async throws {
            let watch = try RunningCommand(
                ["watch", "--json", "--meters", "50", "--events", "param_update", "--url", node.address.absoluteString]
            )
            try await untilItListens(watch, meters: "{\"blockTimeUs\"")
            _ = try await run("set", "gain#1", "gainDb#0", "-2")
            let line = try #require(try await nextChange(of: watch, meters: "{\"blockTimeUs\""))
            let event = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            #expect(event == ["type": "param_update", "instanceId": "gain#1", "paramId": "gainDb#0", "value": "-2"])
            #expect(watch.stop(SIGINT).status == 0)
        }

        @Test
        func aTapPrintsLevels() async throws {
            struct Levels: Decodable, Equatable {
                let instanceId, port: String
                let seconds: Double
                let peak, rms: [Double?]
                let missed: Int
            }
            let outcome = try await run("channel", "tap", "gain#1", "--interval", "20", "--count", "3", "--json")
            #expect(outcome.status == 0, "\(outcome.diagnostics)")
            let levels = try outcome.lines.map { try JSONDecoder().decode(Levels.self, from: Data($0.utf8)) }
            #expect(levels.count == 3)
            for level in levels {
                #expect(level.instanceId == "gain#1" && level.port == "output" && level.seconds > 0)
                // Silence has no level.
                #expect(level.peak == [nil, nil] && level.rms == [nil, nil])
            }
            let text = try await run("channel", "tap", "$io", "--port", "input", "--interval", "10", "--count", "1")
            #expect(text.status == 0 && text.text.contains("-inf") && text.lines.count == 1)
            let unknown = try await run("channel", "tap", "nobody#1")
            #expect(unknown.status == 1 && unknown.diagnostics.contains("nobody#1"))
            let usage = try await run("channel", "tap", "gain#1", "--count", "0")
            #expect(usage.status == 64)
        }

        /// Meters come only to a client that is connected and hears.
        private func untilItListens(_ watch: RunningCommand, meters: String) async throws {
            while let line = try await watch.line(), !line.hasPrefix(meters) {}
        }

        /// The first line that is neither a meter nor the greeting.
        private func nextChange(of watch: RunningCommand, meters: String) async throws -> String? {
            while let line = try await watch.line() {
                if !line.hasPrefix(meters), !line.hasPrefix("dsp_status ") { return line }
            }
            return nil
        }
    }
}
