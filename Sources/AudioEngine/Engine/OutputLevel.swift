import Foundation

/// The level behind the chain.
struct OutputLevel: Sendable, Hashable {
    /// Where a sound card starts unless told otherwise: nobody's ears are met at full level.
    static let cardDefaultDb = -20.0
    static let range = -120.0...24.0

    /// `nil` until somebody sets it.
    var levelDb: Double?
    /// Bit n mutes output channel n.
    var muteMask: UInt32 = 0
    var isPanicMuted = false

    func effectiveDb(onCard: Bool) -> Double {
        levelDb ?? (onCard ? Self.cardDefaultDb : 0)
    }

    /// Linear; −120 dB and a panic mute are silence, 0 dB is exactly 1.
    func gain(onCard: Bool) -> Float {
        let level = effectiveDb(onCard: onCard)
        guard !isPanicMuted, level > Self.range.lowerBound else { return 0 }
        return Float(pow(10, level / 20))
    }
}
