public import ControlProtocol

/// The node in one value: the body of `GET /api/status`.
public struct NodeStatus: Sendable, Hashable, Codable {
    /// `ok` while the node runs.
    public var status: String
    /// Number of connected clients.
    public var clients: Int
    public var version: String
    public var dsp: DspStatus
    public var simRunning: Bool
    public var mode: WorkMode
    /// Number of stored parameter values, those of absent modules not counted.
    public var paramCount: Int

    public init(
        status: String,
        clients: Int,
        version: String,
        dsp: DspStatus,
        simRunning: Bool,
        mode: WorkMode,
        paramCount: Int
    ) {
        self.status = status
        self.clients = clients
        self.version = version
        self.dsp = dsp
        self.simRunning = simRunning
        self.mode = mode
        self.paramCount = paramCount
    }
}
