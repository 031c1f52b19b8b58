public import AudioEngine
public import Storage

/// What the node can say about itself in numbers.
public struct NodeFigures: Sendable {
    /// Connected clients.
    public var clients: Int
    /// Requests answered so far, refusals included, by wire name.
    public var requests: [String: UInt64]
    /// Refusals so far.
    public var refusals: UInt64
    /// Stored values of the chain in force.
    public var parameters: Int
    public var engine: EngineStatus
    /// Nil while the simulation does not run.
    public var metrics: EngineMetrics?
    /// What writing to disk takes.
    public var journal: JournalFigures
    /// To extensions and from taps.
    public var channels: [ChannelFigures]
    /// Events that extensions sent and no client got, by the extension's id.
    public var droppedExtensionEvents: [(id: String, count: Int)]
}
