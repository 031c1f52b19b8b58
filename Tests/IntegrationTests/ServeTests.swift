import Foundation
import Testing

extension NodeSuites {
    /// `soundpost serve` from its first line to its end.
    struct ServeTests {
        private let directory: TemporaryDirectory
        private var data: String { directory.file("data").path }

        init() throws {
            directory = try TemporaryDirectory()
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func servesUntilASignalAndExitsCleanly(_ signal: Int32) async throws {
            let node = try RunningNode(["--data", data, "--source", "silence"])
            #expect(node.address.host == "127.0.0.1")
            #expect(node.address.port != 0)
            #expect(try await node.get("healthz").status == 200)

            let end = try node.stop(signal)
            #expect(end.reason == .exit)
            #expect(end.status == 0)
            #expect(end.rest.isEmpty, "the address is all that is printed")
            await #expect(throws: URLError.self) { try await node.get("healthz") }
            #expect(try temporaryFiles().isEmpty)
        }

        @Test
        func statusTellsWhetherTheSimulationRuns() async throws {
            struct Status: Decodable { let simRunning: Bool }

            for (options, isRunning) in [([], true), (["--no-sim"], false)] as [([String], Bool)] {
                let node = try RunningNode(["--data", data, "--source", "silence"] + options)
                let (status, body) = try await node.get("api/status")
                #expect(status == 200)
                #expect(try JSONDecoder().decode(Status.self, from: body).simRunning == isRunning)
                #expect(try node.stop(SIGINT).status == 0)
            }
        }

        @Test
        func chainInTheDataDirectoryIsTheOneThatIsServed() async throws {
            let example = ExampleChain.eightChannelCar
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let stored = URL(fileURLWithPath: data).appendingPathComponent("current_link.json")
            try Data(try example.text().utf8).write(to: stored)
            let node = try RunningNode(["--data", data, "--source", "silence"])
            let (status, body) = try await node.get("api/link")
            #expect(status == 200)
            let served = try JSONSerialization.jsonObject(with: body) as? NSDictionary
            #expect(served == (try JSONSerialization.jsonObject(with: Data(contentsOf: stored)) as? NSDictionary))
            #expect(try node.stop(SIGINT).status == 0)
        }

        @Test
        func dataDirectoryMayBeALink() async throws {
            let store = directory.file("store")
            let link = directory.file("link")
            try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: store)
            let node = try RunningNode(["--data", link.path, "--source", "silence"])
            #expect(try await node.get("healthz").status == 200)
            #expect(FileManager.default.fileExists(atPath: store.appendingPathComponent("current_link.json").path))
            #expect(try node.stop(SIGINT).status == 0)
        }

        @Test
        func secondNodeInTheSameDirectoryIsRefusedAndTheFirstPlaysOn() async throws {
            let first = try RunningNode(["--data", data, "--source", "silence"])
            let second = try await SoundpostExecutable.run(
                "serve", "--port", "0", "--data", data, "--source", "silence")
            #expect(second.status == 1)
            #expect(second.output.isEmpty)
            #expect(second.diagnostics.contains(data))
            #expect(second.diagnostics.contains("another node uses"))
            #expect(try await first.get("healthz").status == 200)
            #expect(try first.stop(SIGINT).status == 0)
        }

        @Test
        func takenPortIsNamed() async throws {
            let first = try RunningNode(["--data", data, "--source", "silence"])
            let port = try #require(first.address.port)
            let second = try await SoundpostExecutable.run(
                "serve", "--port", "\(port)", "--data", directory.file("other").path, "--source", "silence"
            )
            #expect(second.status == 1)
            #expect(second.output.isEmpty)
            #expect(second.diagnostics.contains("127.0.0.1:\(port)"))
            #expect(try first.stop(SIGINT).status == 0)
        }

        @Test
        func brokenChainInTheDataDirectoryIsNamedAndKept() async throws {
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let stored = URL(fileURLWithPath: data).appendingPathComponent("current_link.json")
            try Data("{".utf8).write(to: stored)
            let outcome = try await SoundpostExecutable.run(
                "serve", "--port", "0", "--data", data, "--source", "silence")
            #expect(outcome.status == 1)
            #expect(outcome.diagnostics.contains("current_link.json"))
            #expect(try Data(contentsOf: stored) == Data("{".utf8))
        }

        @Test
        func missingSourceFileIsNamed() async throws {
            let outcome = try await SoundpostExecutable.run(
                "serve", "--port", "0", "--data", data, "--source", "file:/nonexistent/music.wav"
            )
            #expect(outcome.status == 1)
            #expect(outcome.diagnostics.contains("/nonexistent/music.wav"))
        }

        @Test
        func fileSinkIsCompleteAfterTheEnd() async throws {
            let material = directory.file("in.wav")
            try AudioData.noise(channels: 2, frames: 48000).write(to: material)
            let recorded = directory.file("played.wav")
            let node = try RunningNode(
                ["--data", data, "--source", "file:\(material.path)", "--sink", "file:\(recorded.path)"]
            )
            #expect(try await node.get("healthz").status == 200)
            #expect(try node.stop(SIGINT).status == 0)
            #expect(try AudioData(contentsOf: recorded).channels == 2)
        }

        private func temporaryFiles() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: directory.url.path)
                .filter { $0.contains("tmp") }
        }
    }
}
