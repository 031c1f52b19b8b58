import Foundation

/// What happens behind the chain: level, mutes, bypass, audition. A node keeps them while it lives, whatever plays.
public struct OutputSettings: Sendable, Hashable {
    /// A band that is heard alone.
    public struct Band: Sendable, Hashable {
        /// Centre, Hz.
        public var frequency: Double
        public var q: Double

        public init(frequency: Double, q: Double) {
            self.frequency = frequency
            self.q = q
        }
    }

    /// Where a sound card starts unless told otherwise: nobody's ears are met at full level.
    public static let cardDefaultDb = -20.0
    public static let levels = -120.0...24.0
    public static let dims = 0.0...120.0
    /// Hz, of an audition.
    public static let frequencies = 10.0...96_000.0
    /// Of an audition.
    public static let qualities = 0.1...100.0

    /// dB, −120…24; −120 is silence. `nil` until somebody sets it: then −20 on a sound card, else 0.
    public var levelDb: Double?
    /// Bit n mutes output channel n, for the first 32.
    public var muteMask: UInt32 = 0
    public var isMuted = false
    public var isDimmed = false
    /// What dimming takes away, dB.
    public var dimDb = 20.0
    /// Silences the output, whatever else is set, until it is switched off again.
    public var isPanicMuted = false
    /// The chain's input is heard in place of its output.
    public var isBypassed = false
    /// Bypass, and A/B comparison, are made equally loud.
    public var isMatched = true
    public var audition: Band?

    public init(levelDb: Double? = nil) {
        self.levelDb = levelDb
    }

    public func effectiveDb(onCard: Bool) -> Double {
        levelDb ?? (onCard ? Self.cardDefaultDb : 0)
    }

    /// Linear; −120 dB and mutes are silence, 0 dB is exactly 1.
    ///
    /// - Parameter trimDb: comes on top.
    func gain(onCard: Bool, trimDb: Double) -> Float {
        let level = effectiveDb(onCard: onCard)
        guard !isPanicMuted, !isMuted, level > Self.levels.lowerBound else { return 0 }
        return Float(pow(10, (level + trimDb - (isDimmed ? dimDb : 0)) / 20))
    }

    func validate() throws {
        if let levelDb { try Self.check(levelDb, Self.levels, "an output level of", "dB") }
        try Self.check(dimDb, Self.dims, "a dimming of", "dB")
        if let audition {
            try Self.check(audition.frequency, Self.frequencies, "a frequency of", "Hz")
            try Self.check(audition.q, Self.qualities, "a Q of", "")
        }
    }

    private static func check(
        _ value: Double,
        _ range: ClosedRange<Double>,
        _ what: String,
        _ unit: String
    ) throws {
        guard !range.contains(value) else { return }
        let unit = unit.isEmpty ? "" : " \(unit)"
        throw EngineError(
            .badArgument, "\(what) \(value)\(unit); it must be between \(range.lowerBound) and \(range.upperBound)")
    }
}
