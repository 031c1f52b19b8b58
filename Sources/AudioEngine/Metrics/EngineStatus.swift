/// The engine's state at one moment.
public struct EngineStatus: Sendable, Hashable {
    /// Of one processor, for the whole process.
    public var cpuPercent: Double
    /// Resident memory of the process, in 10⁶ bytes.
    public var memoryMB: Double
    public var isRunning: Bool
    /// The sink: a sound card's name, or what else was asked for.
    public var deviceName: String
    public var sourceName: String
    /// In Hz; 0 when there is no chain yet.
    public var sampleRate: Int
    public var frameSize: Int
    public var inputChannels: Int
    public var outputChannels: Int
    public var loadedModules: Int
    /// From the chain's input to its output: look-ahead along the slowest path, frames between cores, re-blocking for a
    /// card, and what waits between two cards.
    public var latencySamples: Int
    /// Behind that, until the sound leaves the card; 0 without one.
    public var deviceLatencySamples: Int
    /// Output samples beyond full scale since the start.
    public var clippedSamples: UInt64
    /// Frames processed since the start.
    public var frames: UInt64
    /// Frames that were never processed because the driver came too late.
    public var droppedFrames: UInt64
    /// Frames for which the source was late; they were silent.
    public var missedInputFrames: UInt64
    /// Frames that the sink could not take in time; they are missing there.
    public var lostOutputFrames: UInt64
    /// Input samples that were not finite and became zero.
    public var nonFiniteInputs: UInt64
    /// Frames in which a module was muted because its output was not finite.
    public var nonFiniteOutputs: UInt64
    /// Events the running plan did not take.
    public var refusedEvents: UInt64
    public var isSwapping: Bool
    /// The source gave its last sample; silence follows.
    public var sourceEnded: Bool
    /// The thread that paces the engine without a sound card has real-time scheduling. A card's thread is the sound
    /// system's own.
    public var isRealtime: Bool
    /// Behind the chain, dB.
    public var levelDb: Double
    /// A sound card plays.
    public var isOnCard: Bool
    /// Share of the frame's time that the chain takes, in percent.
    public var cpuLoad: Double
    /// Simulated cores.
    public var cores: Int
    /// Why the engine stopped by itself, or why its sink no longer records.
    public var failure: EngineError?
}
