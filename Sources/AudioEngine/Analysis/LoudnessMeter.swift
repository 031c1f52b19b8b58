import CEbur128

/// Loudness of a stretch of samples (ITU-R BS.1770, gated as in EBU R 128, by libebur128). Every channel weighs the
/// same: which of them is a surround channel is not known here.
struct LoudnessMeter {
    let channels: Int
    let sampleRate: Int

    /// - Parameter samples: interleaved, at least 0.4 s of them.
    /// - Returns: LUFS; `nil` for silence and for what is too short.
    func loudness(of samples: ArraySlice<Float>) -> Double? {
        guard channels > 0, let meter = ebur128_init(UInt32(channels), UInt(sampleRate), Int32(EBUR128_MODE_I.rawValue))
        else { return nil }
        var state: UnsafeMutablePointer<ebur128_state>? = meter
        defer { ebur128_destroy(&state) }
        for channel in 0..<channels {
            ebur128_set_channel(meter, UInt32(channel), Int32(EBUR128_LEFT.rawValue))
        }
        var loudness = 0.0
        let isMeasured = samples.withUnsafeBufferPointer { samples in
            ebur128_add_frames_float(meter, samples.baseAddress, samples.count / channels)
                == Int32(EBUR128_SUCCESS.rawValue)
                && ebur128_loudness_global(meter, &loudness) == Int32(EBUR128_SUCCESS.rawValue)
        }
        return isMeasured && loudness.isFinite ? loudness : nil
    }
}
