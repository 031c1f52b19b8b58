/// What happens behind the chain: answers ``GetOutput`` and ``SetOutput``, and goes to every other client, and to each
/// on connect.
public struct OutputStatus: ControlEvent {
    public static let type = "output_status"

    /// dB, −120…24; −120 is silence.
    public var levelDb: Double
    /// Bit n mutes output channel n.
    public var muteMask: Int
    public var muted: Bool
    public var dimmed: Bool
    /// What dimming takes away, dB.
    public var dimDb: Double
    /// Everything is silent until `set_output` says `panic: false`.
    public var panic: Bool
    /// The chain's input is heard in place of its output.
    public var bypassed: Bool
    /// Bypass and A/B comparison are made equally loud.
    public var matched: Bool
    /// What that adds now, dB.
    public var matchDb: Double
    /// The band that is heard alone; null for all.
    public var audition: Audition?
    /// A sound card plays.
    public var onCard: Bool

    /// A band-pass.
    public struct Audition: Hashable, Sendable, Codable {
        /// Centre, Hz.
        public var freq: Double
        public var q: Double

        public init(freq: Double, q: Double) {
            self.freq = freq
            self.q = q
        }
    }

    public init(
        levelDb: Double,
        muteMask: Int,
        muted: Bool,
        dimmed: Bool,
        dimDb: Double,
        panic: Bool,
        bypassed: Bool,
        matched: Bool,
        matchDb: Double,
        audition: Audition?,
        onCard: Bool
    ) {
        self.levelDb = levelDb
        self.muteMask = muteMask
        self.muted = muted
        self.dimmed = dimmed
        self.dimDb = dimDb
        self.panic = panic
        self.bypassed = bypassed
        self.matched = matched
        self.matchDb = matchDb
        self.audition = audition
        self.onCard = onCard
    }
}
