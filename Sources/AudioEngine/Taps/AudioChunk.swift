/// A piece of the chain's output, behind the level.
public struct AudioChunk: Sendable, Hashable {
    /// Hz.
    public var sampleRate: Int
    public var channels: Int
    /// Interleaved.
    public var samples: [Float]
    /// Frames of the output before this piece, since the engine started. Where it is more than the piece before made
    /// it, frames are missing: nobody took them in time.
    public var position: UInt64

    public init(sampleRate: Int, channels: Int, samples: [Float], position: UInt64) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.samples = samples
        self.position = position
    }
}
