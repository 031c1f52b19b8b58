import AudioEngine
import ControlProtocol
import Foundation
import Node

/// What the server needs of the node behind it. `Node` is one; tests of sockets and limits put a scripted one here.
///
/// `peer` is where a command comes from, for the node's audit log.
protocol ControlBackend: Sendable {
    /// Registers a client. From now on it may be sent messages.
    func connect(_ client: any ClientConnection) async
    /// Takes one message of a client, which is answered through the client's connection in the order of its messages.
    /// Returns when the next one may be handed in.
    func accept(_ message: [UInt8], from client: ClientID) async
    /// Forgets a client, when what it has sent is dealt with.
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
    /// Hands over what the chain plays from now on, behind the level, until the listening ends; nothing while the
    /// engine is stopped.
    ///
    /// - Parameter take: called some fifty times a second from a thread that must not be kept waiting.
    func startListening(_ take: @escaping @Sendable (AudioChunk) -> Void) -> any AudioListening
    /// A new name for a file that is sent up or down. Its maker removes it; a start of the node sweeps what is left.
    func temporaryFile() throws(ControlError) -> URL
    /// Keeps an audio file under a name, and moves it to do so.
    ///
    /// - Returns: the name by which `sim_start` plays it.
    func storeAudio(_ file: URL, named name: String, by peer: String) async throws(ControlError) -> String
    /// Writes the node's state into an archive.
    func exportArchive(to file: URL, by peer: String) async throws(ControlError)
    /// Replaces the node's state by that of an archive.
    func importArchive(from file: URL, by peer: String) async throws(ControlError) -> ArchiveSummary
}

/// Sound that somebody hears, until this is told to end or is dropped.
protocol AudioListening: Sendable {
    /// Nothing is heard any more once this has returned, but for a call that is under way. May be called again.
    func end()
}

extension AudioListener: AudioListening {}

extension Node: ControlBackend {
    nonisolated func startListening(_ take: @escaping @Sendable (AudioChunk) -> Void) -> any AudioListening {
        listen(take)
    }

    func linkBody() async throws -> String? {
        try link().map { try MessageEncoder().json($0) }
    }
}
