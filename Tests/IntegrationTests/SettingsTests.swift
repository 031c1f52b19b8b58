import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension NodeSuites {
    /// `soundpost config`, and `serve` with a configuration file.
    struct SettingsTests {
        private let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
        }

        private struct Row: Decodable {
            let key: String
            let origin: String
            let place: String?
        }

        private func show(_ arguments: String...) async throws -> [String: Row] {
            let outcome = try await SoundpostExecutable.run(["config", "show", "--json"] + arguments)
            #expect(outcome.status == 0, "\(outcome.diagnostics)")
            let rows = try JSONDecoder().decode([Row].self, from: outcome.output)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0) })
        }

        private func arguments(_ file: String, _ more: String...) -> [String] {
            ["--config", file, "--data", directory.file("data").path, "--source", "silence"] + more
        }

        @Test
        func showTellsFileAndOptionAsOrigins() async throws {
            let file = try directory.write("c.json", #"{"AudioEngine": {"SimCoreCount": 3, "Sink": "card"}}"#)
            let rows = try await show("--config", file, "--cores", "4", "--host", "0.0.0.0", "--no-journal")
            #expect(rows["AudioEngine.SimCoreCount"]?.place == "--cores")
            #expect(rows["AudioEngine.Sink"]?.place == file)
            #expect(rows["Backend.ListenUrl"]?.place == "--host")
            #expect(rows["Storage.Journal"]?.origin == "option")
            #expect(rows["AudioEngine.Source"]?.origin == "default")
        }

        @Test
        func exampleIsAFileThatSetsEverySetting() async throws {
            let example = try await SoundpostExecutable.run("config", "example")
            #expect(example.status == 0)
            let file = try directory.write("example.json", example.text)
            let rows = try await show("--config", file)
            #expect(rows.values.allSatisfy { $0.place == file })
            let plain = try await SoundpostExecutable.run("config", "show")
            let read = try await SoundpostExecutable.run("config", "show", "--config", file)
            #expect(read.lines.map { String($0).replacing(file, with: "default") } == plain.lines.map(String.init))
            #expect(read.diagnostics.isEmpty)
        }

        @Test(
            arguments: [
                (#"{"AudioEngine": {"Source": "radio"}}"#, "AudioEngine.Source"),
                (#"{"Extensions": [{"id": "a", "command": []}]}"#, "Extensions.Programs: entry 1"),
                (
                    #"{"Extensions": [{"id": "a", "command": ["x"]}, {"id": "a", "command": ["x"]}]}"#,
                    "Extensions.Programs: entry 2"
                ),
                (#"{"AudioEngine": {"SimCoreCount": "two"}}"#, "AudioEngine.SimCoreCount"),
                (#"{"Backend": {"CorsOrigins": ["*"]}}"#, "Backend.CorsOrigins"),
                (#"{"Backend": {"ListenUrl": "http://example.org:80"}}"#, "Backend.ListenUrl"),
            ])
        func faultNamesFileAndKeyForShowAndServe(_ text: String, _ key: String) async throws {
            let file = try directory.write("c.json", text)
            var commands = [["config", "show", "--config", file]]
            // For serve, the address is not left to a file: a node that did start would not end.
            if key != "Backend.ListenUrl" { commands.append(["serve", "--port", "0", "--config", file]) }
            for command in commands {
                let outcome = try await SoundpostExecutable.run(command)
                #expect(outcome.status == 1)
                #expect(outcome.output.isEmpty)
                #expect(outcome.diagnostics.contains("\(file): \(key): "), "\(outcome.diagnostics)")
            }
        }

        @Test
        func fileDecidesHowANodeServes() async throws {
            let text =
                #"{"Backend": {"RequireToken": true, "LogFormat": "json", "Nonsense": 1}, "#
                + #""Storage": {"Journal": false}}"#
            let node = try RunningNode(arguments(try directory.write("c.json", text)))
            let token = try String(contentsOf: directory.file("data/token"), encoding: .utf8)
                .trimmingCharacters(in: .newlines)
            #expect(try await node.get("healthz").status == 200)
            #expect(try await node.get("api/status").status == 401)
            let allowed = try await node.answer("api/status", headers: ["Authorization": "Bearer \(token)"])
            #expect(allowed.statusCode == 200)
            #expect(!FileManager.default.fileExists(atPath: directory.file("data/journal.sqlite").path))
            let end = try node.stop(SIGTERM)
            #expect(end.status == 0)
            #expect(String(decoding: end.rest, as: UTF8.self).contains(token))

            let lines = try node.log().split(separator: "\n")
            let objects = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            #expect(objects.count > 1)
            #expect(
                objects.allSatisfy { object in
                    Set(object.map(\.keys).map(Array.init) ?? []) == ["time", "level", "source", "message", "metadata"]
                })
            #expect(objects.contains { ($0?["message"] as? String)?.contains("'Backend.Nonsense'") == true })
            #expect(!lines.contains { $0.contains(token) })
        }

        @Test
        func tokenIsPrintedOnlyWhenItWasMade() throws {
            let file = try directory.write("c.json", #"{"Backend": {"RequireToken": true}}"#)
            #expect(try !RunningNode(arguments(file)).stop(SIGINT).rest.isEmpty)
            #expect(try RunningNode(arguments(file)).stop(SIGINT).rest.isEmpty)
        }

        @Test
        func hangUpReadsTheFileAgainAndABadFileChangesNothing() async throws {
            let origin = "https://panel.example"
            let file = try directory.write("c.json", "{}")
            let manager = try NotificationSocket()
            let node = try RunningNode(arguments(file), environment: ["NOTIFY_SOCKET": manager.name])
            #expect(try manager.next() == "READY=1")
            #expect(try await node.allowedOrigin(askedAs: origin) == nil)

            let more = #"{"Backend": {"CorsOrigins": ["\#(origin)"]}, "Storage": {"HistoryLimit": 200}}"#
            _ = try directory.write("c.json", more)
            node.send(SIGHUP)
            #expect(try manager.next().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
            #expect(try manager.next() == "READY=1")
            #expect(try await node.allowedOrigin(askedAs: origin) == origin)
            let log = try node.log()
            #expect(log.contains("Backend.CorsOrigins"))
            #expect(log.contains("restart") && log.contains("Storage.HistoryLimit"))

            for bad in [#"{"Backend": {"CorsOrigins": ["#, #"{"Backend": {"LogLevel": "loud"}}"#] {
                _ = try directory.write("c.json", bad)
                node.send(SIGHUP)
                #expect(try manager.next().hasPrefix("RELOADING=1"))
                #expect(try manager.next() == "READY=1")
                #expect(try await node.allowedOrigin(askedAs: origin) == origin)
            }
            #expect(try node.log().contains("\(file): Backend.LogLevel: "))
            #expect(try node.stop(SIGTERM).status == 0)
            #expect(try manager.next() == "STOPPING=1")
        }
    }
}
