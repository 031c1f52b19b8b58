import CDynamicChain

/// Coefficients of a second-order section, normalised by a0: y = b0 x + b1 x′ + b2 x″ − a1 y′ − a2 y″.
public struct Biquad: Sendable, Hashable {
    public var b0, b1, b2, a1, a2: Double

    public init(b0: Double, b1: Double, b2: Double, a1: Double, a2: Double) {
        self.b0 = b0
        self.b1 = b1
        self.b2 = b2
        self.a1 = a1
        self.a2 = a2
    }
}

/// Filter design by the C library, the one place where coefficients are made.
///
/// Source: Robert Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"; first-order types by
/// bilinear transform.
public enum BiquadDesign {
    /// Filter types under the names and numbers of the equaliser's `type` parameter.
    public enum FilterType: UInt32, Sendable, Hashable, CaseIterable {
        case peaking, lowShelf, highShelf, lowPass, highPass, bandPass, notch, allPass, lowPass1, highPass1
    }

    /// Designs one section.
    ///
    /// - Parameters:
    ///   - frequency: Hz, between 0 and half the sample rate, both excluded.
    ///   - gainDb: For peaking and shelves.
    ///   - q: Above 0; first-order types ignore it.
    ///   - sampleRate: Hz.
    /// - Throws: `.argument` for a value out of range or not finite.
    public static func coefficients(
        type: FilterType,
        frequency: Float,
        gainDb: Float,
        q: Float,
        sampleRate: Double
    ) throws(DynChainError) -> Biquad {
        var out = [Double](repeating: 0, count: 5)
        let result = DynChain_DesignBiquad(type.rawValue, frequency, gainDb, q, sampleRate, &out)
        try DynChainError.check(
            result,
            "DesignBiquad",
            "\(type) at \(frequency) Hz, \(gainDb) dB, Q \(q), \(sampleRate) Hz sample rate"
        )
        return Biquad(b0: out[0], b1: out[1], b2: out[2], a1: out[3], a2: out[4])
    }
}
