public import ChainModel

/// What a rendering did.
public struct RenderReport: Sendable, Hashable, Encodable {
    /// One module's share of the work.
    public struct Module: Sendable, Hashable, Encodable {
        public var instanceId: InstanceID
        public var core: Int
        /// Processing time per sample of the stream (all channels of it together), in nanoseconds.
        public var nsPerSample: Double
        public var latencySamples: Int
    }

    /// In Hz.
    public var sampleRate: Int
    public var frameSize: Int
    public var inputChannels: Int
    public var outputChannels: Int
    public var cores: Int
    public var workers: Int
    /// Of the chain; part of the output, which is not trimmed.
    public var latencySamples: Int
    /// Samples a channel, of the input at the chain's rate and of the output.
    public var inputSamples: Int
    public var outputSamples: Int
    /// Calls of the tick.
    public var frames: Int
    /// From the first frame's reading to the last frame's writing.
    public var seconds: Double
    /// Length of the output over the time it took.
    public var realtimeFactor: Double
    /// Output samples beyond full scale. A float file keeps them, an integer file limits them.
    public var clippedSamples: UInt64
    public var nonFiniteInputs: UInt64
    public var modules: [Module]
}
