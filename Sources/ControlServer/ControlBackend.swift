import AudioEngine
import ControlProtocol
import Node

/// What the server needs of the node behind it. `Node` is one; tests of sockets and limits put a scripted one here.
protocol ControlBackend: Sendable {
    /// Registers a client. From now on it may be sent messages.
    func connect(_ client: any ClientConnection) async
    /// Takes one message of a client and answers it through the client's connection.
    func handle(_ message: [UInt8], from client: ClientID) async
    /// Forgets a client.
    func disconnect(_ id: ClientID) async
    /// What runs; nil while the node does not.
    func status() async -> NodeStatus?
    /// The JSON body of `GET /api/link`; nil when there is no chain.
    func linkBody() async throws -> String?
    /// The sound cards of the machine.
    func audioDevices() async throws(ControlError) -> AudioDevices
    /// Load of the simulation; nil while it does not run.
    func debugMetrics() async -> DebugMetrics?
    /// Every module type; nil while the node does not run.
    func moduleLibrary() async -> ModuleLibraryMessage?
    /// The presets of one module; nil while the node does not run.
    func presetList(of instanceId: String) async throws(ControlError) -> PresetList?
    /// All profiles; nil while the node does not run.
    func profileList() async throws(ControlError) -> ProfileList?
    /// Figures for observers; nil while the node does not run.
    func figures() async -> NodeFigures?
}

extension Node: ControlBackend {
    func linkBody() async throws -> String? {
        try link().map { try MessageEncoder().json($0) }
    }
}
