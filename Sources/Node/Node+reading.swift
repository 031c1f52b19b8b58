public import AudioEngine
public import ControlProtocol

/// What programs read without being clients: the bodies of the node's HTTP interface.
extension Node {
    /// The sound cards of the machine. Asks the sound system, which takes up to a second; the node's actor is not held.
    public nonisolated func audioDevices() async throws(ControlError) -> AudioDevices {
        try await BlockingWork.devices.run { [engine] () throws(ControlError) in
            do {
                return try engine.devices()
            } catch {
                throw ControlError(engine: error)
            }
        }
    }

    /// Load and module latencies; nil while the simulation does not run.
    public func debugMetrics() -> DebugMetrics? {
        running?.features.debug.snapshot()
    }

    /// Every module type; nil while the node does not run.
    public func moduleLibrary() -> ModuleLibraryMessage? {
        running.map { ModuleLibraryMessage(library: $0.features.library) }
    }

    /// The presets of one module; nil while the node does not run.
    ///
    /// - Throws: `bad_field` for what cannot be an instance id, `storage_failed`.
    public func presetList(of instanceId: String) throws(ControlError) -> PresetList? {
        try running?.features.presets.list(of: instanceId)
    }

    /// All profiles; nil while the node does not run.
    ///
    /// - Throws: `storage_failed`.
    public func profileList() throws(ControlError) -> ProfileList? {
        try running?.features.profiles.list()
    }

    /// Figures for observers; nil while the node does not run.
    public func figures() -> NodeFigures? {
        running?.figures()
    }
}
