/// Noise that makes the rounding error of an integer format independent of the signal: the sum of two uniform values,
/// ±1 step in all, triangular density (Lipshitz, Wannamaker, Vanderkooy 1992). The same seed gives the same noise.
struct TriangularDither {
    private var state: UInt64

    init(seed: UInt64 = 0x9E37_79B9_7F4A_7C15) {
        state = seed == 0 ? 1 : seed
    }

    /// In steps of the target format, −1…1.
    mutating func next() -> Double {
        uniform() + uniform()
    }

    /// −0.5…0.5, from the upper 53 bits of xorshift64*.
    private mutating func uniform() -> Double {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Double((state &* 0x2545_F491_4F6C_DD1D) >> 11) * 0x1p-53 - 0.5
    }
}
