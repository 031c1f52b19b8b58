public import ChainModel

/// What the audio thread measured.
public struct EngineMetrics: Sendable, Hashable {
    /// Duration of one frame's processing, in microseconds, since the start or `resetMetrics()`.
    public struct BlockTime: Sendable, Hashable {
        public var p50: Double
        public var p99: Double
        public var p999: Double
        public var max: Double
        /// Frames behind these figures.
        public var count: UInt64
        /// Of all frames.
        public var total: Double
        /// Frames by duration, one count for each of ``bounds`` and a last one for longer frames; not accumulated.
        public var counts: [UInt64]

        /// The longest duration that each of ``counts`` takes.
        public static let bounds: [Double] = [25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000]
    }

    /// One module. What nobody measures is `nil` or empty.
    public struct Module: Sendable, Hashable {
        /// Mean of one frame, in microseconds.
        public var processTimeUs: Double?
        /// Per output channel, in dBFS (a full-scale sine is −3.01); −120 stands for silence and all below.
        public var outputRmsDb: [Double]
        /// Per output channel, highest sample in dBFS; −120 stands for silence and all below.
        public var outputPeakDb: [Double]
        public var latencySamples: Int
    }

    /// One end of the chain. Empty when nobody measures, or without channels.
    public struct Levels: Sendable, Hashable {
        /// Per channel, dBFS, as of a module.
        public var rmsDb: [Double]
        public var peakDb: [Double]

        init(_ measured: ModuleAccumulator?) {
            rmsDb = measured?.outputRmsDb ?? []
            peakDb = measured?.outputPeakDb ?? []
        }
    }

    /// One simulated core.
    public struct Core: Sendable, Hashable {
        /// Share of the frame's time, in percent, over the last one to two seconds.
        public var loadPercent: Double
        /// Of the last frame, in microseconds.
        public var lastFrameTimeUs: Double
    }

    /// Share of the frame's time that the whole chain takes, in percent, over the last one to two seconds.
    public var cpuLoad: Double
    /// Frames that were never processed because the driver came too late.
    public var droppedFrames: UInt64
    public var blockTimeUs: BlockTime
    public var cores: [Core]
    /// What goes into the chain.
    public var input: Levels
    /// What comes out of it, behind the level.
    public var output: Levels
    public var modules: [InstanceID: Module]
}

/// Names one subscriber of measurements.
public struct SubscriptionID: Hashable, Sendable {
    let rawValue: UInt64
}
