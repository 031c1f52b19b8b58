import AudioEngine
import ChainModel
import ControlProtocol
import Extensions
import Foundation
import GRDB
import Logging
import Node
import Storage
import Testing

/// A node on a directory of its own, and what a client does with it.
struct TestBed {
    let directory: URL
    let clock: ManualClock
    let node: Node

    /// - Parameter directory: of an earlier node; without one, a new and empty one.
    init(
        directory: URL? = nil,
        source: SourceDescription = .silence,
        sink: SinkDescription = .none,
        cores: Int = 2,
        startSimulation: Bool = false,
        extensions: [ExtensionManifest] = []
    ) {
        let directory =
            directory
            ?? FileManager.default.temporaryDirectory.appending(
                path: "soundpost-node-\(UUID())", directoryHint: .isDirectory)
        let clock = ManualClock()
        self.directory = directory
        self.clock = clock
        var configuration = NodeConfiguration(
            dataDirectory: directory,
            source: source,
            sink: sink,
            cores: cores,
            startSimulation: startSimulation
        )
        configuration.extensions = extensions
        // A busy machine may take its time.
        configuration.tapPatience = .seconds(3600)
        node = Node(
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: clock,
            wallClock: WallClock { 1_700_000_000_000 }
        )
    }

    /// Runs a test on a started node, then stops it and removes its directory.
    static func run(
        source: SourceDescription = .silence,
        sink: SinkDescription = .none,
        startSimulation: Bool = false,
        extensions: [ExtensionManifest] = [],
        prepare: (TestBed) throws -> Void = { _ in },
        _ body: (TestBed) async throws -> Void
    ) async throws {
        let bed = TestBed(
            source: source, sink: sink, startSimulation: startSimulation, extensions: extensions)
        defer { bed.remove() }
        try FileManager.default.createDirectory(at: bed.directory, withIntermediateDirectories: true)
        try prepare(bed)
        try await bed.node.start()
        do {
            try await body(bed)
        } catch {
            await bed.node.stop()
            throw error
        }
        await bed.node.stop()
    }

    /// A connected client that has forgotten its greeting.
    func client(_ id: String = "alice") async -> RecordingClient {
        let client = RecordingClient(id)
        await node.connect(client)
        client.clear()
        return client
    }

    /// Sends a message and waits until it is answered: the question behind it is answered later.
    func send(_ message: [UInt8], from client: RecordingClient) async {
        await node.accept(message, from: client.id)
        await node.accept(Array(RecordingClient.settling.utf8), from: client.id)
    }

    func send(_ message: String, from client: RecordingClient) async {
        await send(Array(message.utf8), from: client)
    }

    /// Sends a request with a mark of its own and gives the message that echoes the mark.
    @discardableResult
    func ask(
        _ client: RecordingClient,
        _ request: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RecordingClient.Message {
        let mark = UUID().uuidString
        let marked = request.dropLast() + (request == "{}" ? "" : ",") + "\"requestId\":\"\(mark)\"}"
        await send(String(marked), from: client)
        let answers = client.messages.filter { $0["requestId"] == mark }
        #expect(answers.count == 1, "\(request)", sourceLocation: sourceLocation)
        return try #require(answers.first, sourceLocation: sourceLocation)
    }

    /// The same for a request whose answer comes out of turn.
    func askAside(_ client: RecordingClient, _ request: String) async throws -> RecordingClient.Message {
        let mark = UUID().uuidString
        await send("\(request.dropLast()),\"requestId\":\"\(mark)\"}", from: client)
        while true {
            if let answer = client.messages.first(where: { $0["requestId"] == mark }) { return answer }
            await Task.yield()
        }
    }

    /// Runs work while another process has the journal locked.
    func withCommitsRefused<Result>(_ body: () async throws -> Result) async throws -> Result {
        var unsafe = Configuration()
        unsafe.allowsUnsafeTransactions = true
        let locker = try DatabaseQueue(path: file(Journal.fileName).path, configuration: unsafe)
        try await locker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        try await locker.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        return try result.get()
    }

    func file(_ name: String) -> URL {
        directory.appending(path: name, directoryHint: .notDirectory)
    }

    func remove() {
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            Issue.record("The test's directory stays: \(error)")
        }
    }
}

/// Chains as `write_link` takes them.
enum Chains {
    /// `in` → gain#1 → `out`.
    static func gain(channels: Int = 2, frameSize: Int = 240, sampleRate: Int = 48000, type: String = "channel_gain_v1")
        -> String
    {
        let io = """
            {"id":"in","direction":"input","channels":\(channels),"sampleRate":\(sampleRate),"required":true},\
            {"id":"out","direction":"output","channels":\(channels),"sampleRate":\(sampleRate),"required":true}
            """
        let ports = """
            {"id":"in","direction":"input","channels":-1,"sampleRate":-1,"required":true},\
            {"id":"out","direction":"output","channels":-1,"sampleRate":-1,"required":true}
            """
        return """
            {"version":"2.2","rootChainId":"main",\
            "global":{"channels":\(channels),"sampleRate":\(sampleRate),"frameSize":\(frameSize)},\
            "chains":{"main":{"id":"main","name":"Main","externalPorts":[\(io)],\
            "nodes":[{"instanceId":"gain#1","moduleType":"\(type)","order":0,"enabled":true,"ports":[\(ports)]}],\
            "edges":[{"id":"e1","fromModule":"$io","fromPort":"in","toModule":"gain#1","toPort":"in"},\
            {"id":"e2","fromModule":"gain#1","fromPort":"out","toModule":"$io","toPort":"out"}]}},\
            "editor":{"zoom":1.5}}
            """
    }

    static func write(_ link: String) -> String {
        "{\"type\":\"write_link\",\"link\":\(link)}"
    }
}
