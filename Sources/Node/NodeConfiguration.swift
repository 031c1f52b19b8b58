public import AudioEngine
public import Foundation

/// Everything a node must be told before it starts.
public struct NodeConfiguration: Sendable {
    /// Directory with the node's state. Made when absent; held exclusively while the node runs.
    public var dataDirectory: URL
    /// Where the signal comes from unless `sim_start` says otherwise.
    public var source: SourceDescription
    /// Where the signal goes unless `sim_start` says otherwise.
    public var sink: SinkDescription
    /// Number of simulated cores, 1…16.
    public var cores: Int
    /// Whether the simulation runs as soon as the node has started.
    public var startSimulation: Bool

    public init(
        dataDirectory: URL,
        source: SourceDescription = .generator,
        sink: SinkDescription = .none,
        cores: Int = 2,
        startSimulation: Bool = true
    ) {
        self.dataDirectory = dataDirectory
        self.source = source
        self.sink = sink
        self.cores = cores
        self.startSimulation = startSimulation
    }
}
