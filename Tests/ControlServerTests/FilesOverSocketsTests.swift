import Foundation
import Node
import ServiceLifecycle
import Testing

@testable import ControlServer

/// Files sent to a real node.
struct FilesOverSocketsTests {
    /// One second of silence in 16 bits at 48 kHz, one channel.
    private static var wave: [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let samples = [UInt8](repeating: 0, count: 96_000)
        let format = Array("fmt ".utf8) + number(16, 4) + number(1, 2) + number(1, 2) + number(48_000, 4)
        let rest = number(96_000, 4) + number(2, 2) + number(16, 2) + Array("data".utf8) + number(samples.count, 4)
        return Array("RIFF".utf8) + number(36 + samples.count, 4) + Array("WAVE".utf8) + format + rest + samples
    }

    /// Runs a node and its server in `data` of a new directory.
    private func run(_ body: (_ port: Int, _ directory: URL) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "soundpost-files-\(UUID().uuidString)")
        let data = directory.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let node = Node(
            configuration: NodeConfiguration(dataDirectory: data, startSimulation: false),
            logger: TestServer.logger
        )
        try await node.start()
        let server = ControlServer(
            node: node,
            configuration: try ControlServerConfiguration(port: 0, limits: TestServer.patientLimits),
            logger: TestServer.logger
        )
        let group = ServiceGroup(services: [server], logger: TestServer.logger)
        async let ended: Void = group.run()
        let outcome: Result<Void, any Error>
        do {
            try await body(try await server.boundAddress.port, directory)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await ended
        await node.stop()
        try FileManager.default.removeItem(at: directory)
        try outcome.get()
    }

    private func ask(_ client: TestClient, _ line: String, body: [UInt8] = []) async throws -> TestClient.Response {
        let length = line.hasPrefix("POST") ? ["Content-Type: audio/wav", "Content-Length: \(body.count)"] : []
        let text = client.requestText(line, ["Host: localhost:\(client.port)"] + length)
        client.sendLater(Array(text.utf8) + body)
        return try await client.response()
    }

    /// The paths below a directory, with the contents of those that are files.
    private func contents(of directory: URL) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory.path) {
            let url = directory.appending(path: path)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else { continue }
            found[path] = isDirectory.boolValue ? Data() : try Data(contentsOf: url)
        }
        return found
    }

    @Test func keepsAnAudioFileThatTheSimulationPlays() async throws {
        try await run { port, directory in
            let client = try await TestClient(port: port)
            let kept = directory.appending(path: "data/audio/take_1.wav")
            for _ in 0..<2 {
                let response = try await ask(client, "POST /api/audio/upload?name=take_1.wav", body: Self.wave)
                #expect(response.status == 200)
                #expect(response.body == #"{"path":"take_1.wav"}"#)
                #expect(try Data(contentsOf: kept) == Data(Self.wave))
            }
            #expect(try contents(of: directory.appending(path: "data/.incoming")).isEmpty)
            let socket = try await TestClient(port: port)
            #expect(try await socket.handshake().status == 101)
            try await socket.sendText(
                #"{"type":"sim_start","input":{"type":"file","path":"take_1.wav"},"output":{"type":"none"}}"#)
            while case let text = try await socket.text(), !text.contains(#""type":"sim_status""#) {
                #expect(!text.contains(#""type":"error""#), "\(text)")
            }
        }
    }

    @Test(arguments: ["", "nonsense", "RIFF\u{24}\u{0}\u{0}\u{0}WAVE", "<script>", "fLaC", "OggS"])
    func refusesWhatIsNoAudio(text: String) async throws {
        try await run { port, directory in
            let client = try await TestClient(port: port)
            let response = try await ask(client, "POST /api/audio/upload?name=x.wav", body: Array(text.utf8))
            #expect(response.status == 400)
            #expect(response.body.contains(#""code":"bad_file""#))
            #expect(!response.body.contains(directory.path))
            #expect(!FileManager.default.fileExists(atPath: directory.appending(path: "data/audio/x.wav").path))
            #expect(try contents(of: directory.appending(path: "data/.incoming")).isEmpty)
        }
    }

    @Test func aLinkInTheFilesPlaceIsReplacedAndItsTargetLeftAlone() async throws {
        try await run { port, directory in
            let outside = directory.appending(path: "outside.wav")
            try Data("outside".utf8).write(to: outside)
            let audio = directory.appending(path: "data/audio")
            try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
            let link = audio.appending(path: "x.wav")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: outside)
            let client = try await TestClient(port: port)
            #expect(try await ask(client, "POST /api/audio/upload?name=x.wav", body: Self.wave).status == 200)
            #expect(try Data(contentsOf: outside) == Data("outside".utf8))
            let type = try FileManager.default.attributesOfItem(atPath: link.path)[.type] as? FileAttributeType
            #expect(type == .typeRegular)
        }
    }

    @Test func aLinkInTheDirectorysPlaceIsRefused() async throws {
        try await run { port, directory in
            let outside = directory.appending(path: "outside")
            try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
            for name in ["audio", ".incoming"] {
                let place = directory.appending(path: "data/\(name)")
                if FileManager.default.fileExists(atPath: place.path) { try FileManager.default.removeItem(at: place) }
                try FileManager.default.createSymbolicLink(at: place, withDestinationURL: outside)
                let client = try await TestClient(port: port)
                let response = try await ask(client, "POST /api/audio/upload?name=x.wav", body: Self.wave)
                #expect(response.status == 507)
                #expect(response.body.contains(#""code":"storage_failed""#))
                #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path).isEmpty)
                try FileManager.default.removeItem(at: place)
            }
        }
    }

    /// Five hundred ids that try to leave the data directory, on every path that could take one.
    @Test func noIdLeavesTheDataDirectory() async throws {
        try await run { port, directory in
            try Data("secret".utf8).write(to: directory.appending(path: "secret.wav"))
            let before = try contents(of: directory).filter { !$0.key.hasPrefix("data/") }
            let inside = try contents(of: directory.appending(path: "data"))
            for id in Self.hostileIDs {
                let client = try await TestClient(port: port)
                let upload = try await ask(client, "POST /api/audio/upload?name=\(id)", body: Self.wave)
                #expect([400, 414].contains(upload.status), "\(id)")
                for path in ["/\(id)", "/api/\(id)", "/api/presets/\(id)", "/api/archive/\(id)", "/api/audio/\(id)"] {
                    let reader = try await TestClient(port: port)
                    let answer = try await ask(reader, "GET \(path)")
                    #expect(!answer.body.contains("secret\"") && answer.body != "secret", "\(path)")
                    #expect(answer.status < 500, "\(path)")
                }
            }
            #expect(try contents(of: directory).filter { !$0.key.hasPrefix("data/") } == before)
            let after = try contents(of: directory.appending(path: "data"))
            #expect(after.filter { $0.key != ".incoming" } == inside.filter { $0.key != ".incoming" })
        }
    }

    private static let hostileIDs: [String] = {
        let climbs = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..%252f", "....//", ".%2e/", "%2e./", "..;/"]
        let ends = ["secret.wav", "secret.wav%00", "secret.wav%00.wav", "data", ".lock", "etc/passwd", "secret.wav/"]
        let depths = [1, 2, 3, 5, 8, 13, 16]
        let climbing = climbs.flatMap { climb in
            depths.flatMap { depth in ends.map { String(repeating: climb, count: depth) + $0 } }
        }
        let others = [
            ".", "..", "%2e", "%2e%2e", "/", "%2f", "%2fetc%2fpasswd", "%00", "a%00b", "a%2fb", "a%5cb", "C:%5cx", "~",
            "%7e%2fx", ".hidden.wav", "x.soundpost-tmp", "-%0a", "%0d%0aX:y", "%c2%85", "a:b", "a*b", "CON%3a",
            String(repeating: "a", count: 65), String(repeating: "a", count: 4000),
        ]
        return climbing + others
    }()
}
