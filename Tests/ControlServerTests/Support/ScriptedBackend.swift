import AudioEngine
import ChainModel
import ControlProtocol
import Foundation
import Node
import Storage

@testable import ControlServer

/// Stands where the node is: does what a message says and keeps what happened.
///
/// The message `who` is answered with the client's name and peer, `big N` is answered with N bytes, `meters N` with N
/// numbered meters; any other is answered with itself.
actor ScriptedBackend: ControlBackend {
    enum Event: Hashable, Sendable {
        case connected(ClientID)
        case disconnected(ClientID)
        /// A file came: what with, by whom, its bytes.
        case stored(String, peer: String, Data)
        case imported(peer: String, Data)
    }

    /// What happened, in order; for one reader.
    nonisolated let events: AsyncStream<Event>
    private let eventSignal: AsyncStream<Event>.Continuation
    private var clients: [ClientID: any ClientConnection] = [:]
    private var runs = true
    private var simulates = true
    private var figuresOfTheNode: NodeFigures?
    private var storedLink: String?
    private let archive: Data
    /// Where files come and go.
    nonisolated let files: URL
    /// What whoever listens gets.
    nonisolated let sound = ScriptedSound()
    /// Whether the node answers messages at all.
    private let isStuck: Bool

    /// - Parameters:
    ///   - link: the body of `GET /api/link`.
    ///   - archive: what an export gives.
    ///   - directory: where files come and go.
    ///   - isStuck: whether no message is ever answered.
    init(link: String? = nil, archive: Data = Data(), directory: URL? = nil, isStuck: Bool = false) {
        files =
            directory
            ?? FileManager.default.temporaryDirectory.appending(path: "soundpost-files-\(UUID().uuidString)")
        self.isStuck = isStuck
        (events, eventSignal) = AsyncStream.makeStream(of: Event.self)
        storedLink = link
        self.archive = archive
    }

    deinit {
        guard files.path.hasPrefix(FileManager.default.temporaryDirectory.path) else { return }
        do {
            try FileManager.default.removeItem(at: files)
        } catch {
            // No file has come or gone.
        }
    }

    nonisolated func startListening(_ take: @escaping @Sendable (AudioChunk) -> Void) -> any AudioListening {
        sound.add(take)
    }

    nonisolated func temporaryFile() throws(ControlError) -> URL {
        do {
            try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        } catch {
            throw ControlError(.storage, "\(error)")
        }
        return files.appending(path: UUID().uuidString)
    }

    /// Names of the files that are on their way.
    nonisolated var filesOnTheirWay: [String] {
        get throws {
            FileManager.default.fileExists(atPath: files.path)
                ? try FileManager.default.contentsOfDirectory(atPath: files.path) : []
        }
    }

    func storeAudio(_ file: URL, named name: String, by peer: String) throws(ControlError) -> String {
        eventSignal.yield(.stored(name, peer: peer, try Self.contents(of: file)))
        return name
    }

    func exportArchive(to file: URL, by peer: String) throws(ControlError) {
        do {
            try archive.write(to: file)
        } catch {
            throw ControlError(.storage, "\(error)")
        }
    }

    func importArchive(from file: URL, by peer: String) throws(ControlError) -> ArchiveSummary {
        let data = try Self.contents(of: file)
        guard !data.isEmpty else { throw ControlError(.badArchive, "The archive is empty.") }
        eventSignal.yield(.imported(peer: peer, data))
        return ArchiveSummary(files: 1, presets: 0, profiles: 0, parameters: 0, chainReplaced: false)
    }

    private static func contents(of file: URL) throws(ControlError) -> Data {
        do {
            return try Data(contentsOf: file)
        } catch {
            throw ControlError(.storage, "\(error)")
        }
    }

    func connect(_ client: any ClientConnection) {
        clients[client.id] = client
        eventSignal.yield(.connected(client.id))
    }

    func disconnect(_ id: ClientID) {
        clients[id] = nil
        eventSignal.yield(.disconnected(id))
    }

    func accept(_ message: [UInt8], from client: ClientID) async {
        if isStuck {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        }
        let text = String(decoding: message, as: UTF8.self)
        if text == "who" {
            let client = clients[client]
            client?.send("\(client?.name ?? "nobody") at \(client?.peer ?? "nowhere")", priority: .acknowledgement)
            return
        }
        let words = text.split(separator: " ")
        guard words.count == 2, let count = Int(words[1]) else {
            clients[client]?.send(text, priority: .acknowledgement)
            return
        }
        switch words[0] {
        case "big":
            clients[client]?.send(String(repeating: "x", count: count), priority: .acknowledgement)
        case "meters":
            for number in 0..<count {
                clients[client]?.send("meter \(number)", priority: .meter)
            }
        default:
            clients[client]?.send(text, priority: .acknowledgement)
        }
    }

    func status() -> NodeStatus? {
        guard runs else { return nil }
        return NodeStatus(
            status: "ok",
            clients: clients.count,
            version: "1.2.3 <b>",
            dsp: DspStatus(
                connected: false,
                protocol: "none",
                target: "",
                sampleRate: 48000,
                channels: 2,
                simRunning: true,
                mode: .tuning,
                devices: []
            ),
            simRunning: true,
            mode: .tuning,
            paramCount: 3
        )
    }

    func linkBody() -> String? {
        storedLink
    }

    func audioDevices() throws(ControlError) -> AudioDevices {
        guard runs else { throw ControlError(.engine, "The sound system does not answer.") }
        return AudioDevices(
            inputs: [],
            outputs: [
                AudioDevice(
                    name: "default",
                    hostApi: "ALSA",
                    direction: .output,
                    maxChannels: 2,
                    defaultSampleRate: 48000,
                    sampleRates: [44100, 48000],
                    isDefault: true,
                    lowLatencyMs: 5
                )
            ]
        )
    }

    func debugMetrics() -> DebugMetrics? {
        guard simulates else { return nil }
        return DebugMetrics(
            timestamp: 1,
            cpuLoad: 2.5,
            droppedFrames: 0,
            blockTimeUs: .init(p50: 1, p99: 2, p999: 3, max: 4),
            coreLoads: [2.5],
            inputRmsDb: [],
            inputPeakDb: [],
            outputRmsDb: [-20],
            outputPeakDb: [-17],
            modules: [:]
        )
    }

    func moduleLibrary() -> ModuleLibraryMessage? {
        runs ? ModuleLibraryMessage(library: .builtIn) : nil
    }

    func presetList(of instanceId: String) throws(ControlError) -> PresetList? {
        guard InstanceID(rawValue: instanceId) != nil else {
            throw ControlError(.badField, "This is no instance id.", field: "instanceId")
        }
        return runs ? PresetList(instanceId: instanceId, presets: [], loaded: nil, changed: nil) : nil
    }

    func profileList() -> ProfileList? {
        runs ? ProfileList(profiles: []) : nil
    }

    func figures() -> NodeFigures? {
        runs ? figuresOfTheNode : nil
    }

    func stop() {
        runs = false
    }

    func stopSimulating() {
        simulates = false
    }

    /// What ``figures()`` gives while the node runs.
    func show(_ figures: NodeFigures) {
        figuresOfTheNode = figures
    }
}
