public import AudioEngine
public import Extensions
public import Foundation

/// Everything a node must be told before it starts.
public struct NodeConfiguration: Sendable {
    /// Directory with the node's state. Made when absent; held exclusively while the node runs. The path may lead over
    /// symbolic links; inside the directory none is followed.
    public var dataDirectory: URL
    /// Where the signal comes from unless `sim_start` says otherwise.
    public var source: SourceDescription
    /// Where the signal goes unless `sim_start` says otherwise.
    public var sink: SinkDescription
    /// Number of simulated cores, 1…16.
    public var cores: Int
    /// Whether the simulation runs as soon as the node has started.
    public var startSimulation: Bool
    /// Changes that the history keeps.
    public var historyLimit = 10_000
    /// Length of the audit log from which on a new file is begun, in 10⁶ bytes; 0 keeps none.
    public var auditLogMegabytes = 16
    /// Whether values and history are kept on disk. Without it they are forgotten when the node stops; chains, presets
    /// and profiles are saved all the same.
    public var keepsJournal = true
    /// A new chain runs beside the old one while it fades only when their load together stays below this.
    public var maxLoadPercent = 85.0
    /// Milliseconds between two `debug_metrics` for clients that name no interval, 50…10 000.
    public var metricsInterval = 500
    /// Log lines that wait for a client that connects late, at least 1.
    public var keptLogLines = 2000
    /// How long a tap waits for the program that will read it.
    public var tapPatience = Duration.seconds(30)
    /// Programs that the node runs beside itself.
    public var extensions: [ExtensionManifest] = []

    public init(
        dataDirectory: URL,
        source: SourceDescription = .generator,
        sink: SinkDescription = .none,
        cores: Int = 2,
        startSimulation: Bool = true
    ) {
        self.dataDirectory = dataDirectory.resolvingSymlinksInPath()
        self.source = source
        self.sink = sink
        self.cores = cores
        self.startSimulation = startSimulation
    }
}
