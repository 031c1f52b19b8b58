/// Load and levels of the running simulation.
public struct DebugMetrics: ControlEvent {
    public static let type = "debug_metrics"

    /// Duration of a block's processing, microseconds.
    public struct BlockTime: Hashable, Sendable, Codable {
        public var p50: Double
        public var p99: Double
        public var p999: Double
        public var max: Double

        public init(p50: Double, p99: Double, p999: Double, max: Double) {
            self.p50 = p50
            self.p99 = p99
            self.p999 = p999
            self.max = max
        }
    }

    /// One module.
    public struct Module: Hashable, Sendable, Codable {
        /// Mean processing time of one frame since the message before, microseconds.
        public var processTimeUs: Double?
        /// A channel each, dBFS; silence is the floor of ``DebugMetrics/silenceDb``.
        public var outputRmsDb: [Double]
        /// A channel each, dBFS; silence is the floor of ``DebugMetrics/silenceDb``.
        public var outputPeakDb: [Double]
        public var latencySamples: Int

        public init(processTimeUs: Double?, outputRmsDb: [Double], outputPeakDb: [Double], latencySamples: Int) {
            self.processTimeUs = processTimeUs
            self.outputRmsDb = outputRmsDb.map(DebugMetrics.sendable)
            self.outputPeakDb = outputPeakDb.map(DebugMetrics.sendable)
            self.latencySamples = latencySamples
        }
    }

    /// Lowest level that is sent: JSON has no negative infinity.
    public static let silenceDb: Double = -120

    private static func sendable(_ level: Double) -> Double {
        level.isNaN ? silenceDb : Swift.min(Swift.max(level, silenceDb), -silenceDb)
    }

    /// Milliseconds since 1970 (UTC).
    public var timestamp: Int64
    /// Percent of the frame period.
    public var cpuLoad: Double
    public var droppedFrames: Int
    public var blockTimeUs: BlockTime
    /// Of each simulated core, percent of the frame period.
    public var coreLoads: [Double]
    /// What goes into the chain: a channel each, dBFS as of a module.
    public var inputRmsDb: [Double]
    public var inputPeakDb: [Double]
    /// What comes out of it behind the level: a channel each, dBFS as of a module.
    public var outputRmsDb: [Double]
    public var outputPeakDb: [Double]
    /// By flattened instance id.
    public var modules: [String: Module]

    public init(
        timestamp: Int64,
        cpuLoad: Double,
        droppedFrames: Int,
        blockTimeUs: BlockTime,
        coreLoads: [Double],
        inputRmsDb: [Double],
        inputPeakDb: [Double],
        outputRmsDb: [Double],
        outputPeakDb: [Double],
        modules: [String: Module]
    ) {
        self.timestamp = timestamp
        self.cpuLoad = cpuLoad
        self.droppedFrames = droppedFrames
        self.blockTimeUs = blockTimeUs
        self.coreLoads = coreLoads
        self.inputRmsDb = inputRmsDb.map(Self.sendable)
        self.inputPeakDb = inputPeakDb.map(Self.sendable)
        self.outputRmsDb = outputRmsDb.map(Self.sendable)
        self.outputPeakDb = outputPeakDb.map(Self.sendable)
        self.modules = modules
    }
}
