/// Changes level, mutes, bypass or audition behind the chain; the sound goes over in 20 ms. What is absent stays.
///
/// Allowed in every mode: it changes no chain and no value.
public struct SetOutput: ControlRequest {
    public static let type = "set_output"
    public typealias Response = OutputStatus

    /// dB, −120…24; −120 is silence.
    public var levelDb: Double?
    /// Bit n mutes output channel n, for the first 32.
    public var muteMask: WholeNumber?
    public var muted: Bool?
    public var dimmed: Bool?
    /// dB, 0…120.
    public var dimDb: Double?
    /// Silences everything, until it is false again.
    public var panic: Bool?
    public var bypassed: Bool?
    public var matched: Bool?
    /// The band to hear alone.
    public var audition: OutputStatus.Audition?
    /// Ends the audition.
    public var endAudition: Bool?

    public init(
        levelDb: Double? = nil,
        muteMask: WholeNumber? = nil,
        muted: Bool? = nil,
        dimmed: Bool? = nil,
        dimDb: Double? = nil,
        panic: Bool? = nil,
        bypassed: Bool? = nil,
        matched: Bool? = nil,
        audition: OutputStatus.Audition? = nil,
        endAudition: Bool? = nil
    ) {
        self.levelDb = levelDb
        self.muteMask = muteMask
        self.muted = muted
        self.dimmed = dimmed
        self.dimDb = dimDb
        self.panic = panic
        self.bypassed = bypassed
        self.matched = matched
        self.audition = audition
        self.endAudition = endAudition
    }
}
