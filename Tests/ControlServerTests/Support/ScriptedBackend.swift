import AudioEngine
import ChainModel
import ControlProtocol
import Node
import Storage

@testable import ControlServer

/// Stands where the node is: does what a message says and keeps what happened.
///
/// A message `big N` is answered with N bytes, `meters N` with N numbered meters; any other is answered with itself.
actor ScriptedBackend: ControlBackend {
    enum Event: Hashable, Sendable {
        case connected(ClientID)
        case disconnected(ClientID)
    }

    /// What happened, in order; for one reader.
    nonisolated let events: AsyncStream<Event>
    private let eventSignal: AsyncStream<Event>.Continuation
    private var clients: [ClientID: any ClientConnection] = [:]
    private var runs = true
    private var simulates = true
    private var figuresOfTheNode: NodeFigures?
    private var storedLink: String?

    init(link: String? = nil) {
        (events, eventSignal) = AsyncStream.makeStream(of: Event.self)
        storedLink = link
    }

    func connect(_ client: any ClientConnection) {
        clients[client.id] = client
        eventSignal.yield(.connected(client.id))
    }

    func disconnect(_ id: ClientID) {
        clients[id] = nil
        eventSignal.yield(.disconnected(id))
    }

    func handle(_ message: [UInt8], from client: ClientID) {
        let text = String(decoding: message, as: UTF8.self)
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
