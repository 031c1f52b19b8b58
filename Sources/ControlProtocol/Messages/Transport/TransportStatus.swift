/// What plays, where to, and where the source is: answers ``GetTransport`` and ``SetTransport``, and goes to every
/// client on a change.
public struct TransportStatus: ControlEvent {
    public static let type = "transport_status"

    /// In the form of `sim_start`; what would be played while nothing is.
    public var input: SimStart.Input
    public var output: SimStart.Output
    /// The simulation runs.
    public var running: Bool
    /// The source can be paused.
    public var pausable: Bool
    /// The source has an end, and any place of it can be played.
    public var seekable: Bool
    public var playing: Bool
    /// The source begins again at its end.
    public var loop: Bool
    /// From the source's start, milliseconds, at `timestamp`.
    public var positionMs: Double
    /// 0 for a source without end.
    public var durationMs: Double
    /// The source gave its last sample.
    public var ended: Bool
    /// Milliseconds since 1970 (UTC).
    public var timestamp: Int64

    public init(
        input: SimStart.Input,
        output: SimStart.Output,
        running: Bool,
        pausable: Bool,
        seekable: Bool,
        playing: Bool,
        loop: Bool,
        positionMs: Double,
        durationMs: Double,
        ended: Bool,
        timestamp: Int64
    ) {
        self.input = input
        self.output = output
        self.running = running
        self.pausable = pausable
        self.seekable = seekable
        self.playing = playing
        self.loop = loop
        self.positionMs = positionMs
        self.durationMs = durationMs
        self.ended = ended
        self.timestamp = timestamp
    }
}
