/// Where a source is, and whether it moves.
public struct Transport: Sendable, Hashable {
    /// The source can be paused: it is a file or the generator, and no card.
    public var canPause: Bool
    /// Any place of the source can be played.
    public var isSeekable: Bool
    public var isPlaying: Bool
    public var loops: Bool
    /// Seconds; what is heard now, but for the chain's latency.
    public var position: Double
    /// Seconds; 0 for a source without end.
    public var duration: Double
    /// The last sample was played.
    public var hasEnded: Bool
}
