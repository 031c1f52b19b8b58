public import ChainModel
public import ControlProtocol
public import WireFormats

extension SoundpostClient {
    /// The state of devices and simulation.
    public func status() async throws -> DspStatus {
        try await ask(GetStatus())
    }

    /// Changes what the node is being used for.
    public func setMode(_ mode: WorkMode) async throws {
        _ = try await ask(SetMode(mode: mode))
    }

    /// The stored chain.
    public func chain() async throws -> LinkConfig {
        try await ask(ReadLink()).link
    }

    /// Replaces the chain.
    ///
    /// - Parameter values: by instance id, then key: what modules have from their first sample on; see `WriteLink`.
    /// - Returns: how it came into the sound; nil while the simulation does not run.
    @discardableResult
    public func write(
        _ chain: JSONValue,
        values: [String: [String: JSONScalar]]? = nil
    ) async throws -> WriteLinkAck.Transition? {
        try await ask(WriteLink(link: chain, values: values)).transition
    }

    /// Asks for `DebugMetrics` among ``events`` until ``stopMeters()`` or the end of the connection. After a
    /// reconnection ask again.
    ///
    /// - Parameter interval: the node keeps it within 50 ms…10 s.
    public func startMeters(every interval: Duration) async throws {
        let milliseconds = interval / .milliseconds(1)
        _ = try await ask(DebugSubscribe(intervalMs: WholeNumber(Int(min(max(milliseconds, 1), 3_600_000)))))
    }

    /// Ends ``startMeters(every:)``.
    public func stopMeters() async throws {
        _ = try await ask(DebugUnsubscribe())
    }
}
