import CSampleRate

/// Converts an interleaved stream from one sample rate to another (libsamplerate, band-limited interpolation).
///
/// The converter's own delay is compensated: the first output sample is the first input sample's moment.
/// Not thread-safe: one resampler belongs to one thread at a time.
public final class Resampler {
    public enum Quality: Sendable {
        /// 145 dB signal to noise, 97 % bandwidth: for files.
        case best
        /// 121 dB, 90 % bandwidth: while playing.
        case medium
    }

    public let channels: Int
    /// Output rate over input rate.
    public let ratio: Double
    /// libsamplerate's `SRC_STATE`; lives as long as this.
    let state: OpaquePointer

    /// - Throws: ``EngineError`` `badArgument` for a ratio outside 1/256…256.
    public init(channels: Int, from inputRate: Int, to outputRate: Int, quality: Quality = .best) throws {
        ratio = Double(outputRate) / Double(inputRate)
        let converter =
            switch quality {
            case .best: SRC_SINC_BEST_QUALITY
            case .medium: SRC_SINC_MEDIUM_QUALITY
            }
        var error: Int32 = 0
        guard src_is_valid_ratio(ratio) != 0,
            let state = src_new(Int32(converter), Int32(clamping: channels), &error)
        else {
            let reason = error == 0 ? "the ratio must be between 1/256 and 256" : String(cString: src_strerror(error))
            throw EngineError(
                .badArgument,
                "cannot convert \(channels) channels from \(inputRate) Hz to \(outputRate) Hz: \(reason)"
            )
        }
        self.state = state
        self.channels = channels
    }

    deinit {
        src_delete(state)
    }

    /// Begins a new stream.
    ///
    /// - Throws: ``EngineError`` `badValue` with libsamplerate's reason.
    public func reset() throws {
        let status = src_reset(state)
        guard status == 0 else {
            throw EngineError(.badValue, "sample-rate conversion: \(String(cString: src_strerror(status)))")
        }
    }

    /// Takes input and gives what output it completes.
    ///
    /// - Parameters:
    ///   - input: whole frames.
    ///   - endOfInput: `true` with the last input: the rest comes out, and nothing may follow.
    /// - Returns: whole frames; over a stream, input frames × ratio.
    /// - Throws: ``EngineError`` `badValue` with libsamplerate's reason.
    public func process(_ input: UnsafeBufferPointer<Float>, endOfInput: Bool = false) throws -> [Float] {
        var output: [Float] = []
        var taken = 0
        let inputFrames = input.count / channels
        let chunk = Int((Double(inputFrames) * ratio).rounded(.up)) + 256
        // libsamplerate wants a valid address even when it is to read nothing.
        var nothing: Float = 0
        while true {
            var generated = 0
            try withUnsafePointer(to: &nothing) { empty in
                let room = output.count
                output.append(contentsOf: repeatElement(0, count: chunk * channels))
                try output.withUnsafeMutableBufferPointer { buffer in
                    var data = SRC_DATA()
                    data.data_in = input.baseAddress.map { $0 + taken * channels } ?? empty
                    data.input_frames = inputFrames - taken
                    data.data_out = buffer.baseAddress! + room
                    data.output_frames = chunk
                    data.src_ratio = ratio
                    data.end_of_input = endOfInput ? 1 : 0
                    let status = src_process(state, &data)
                    guard status == 0 else {
                        throw EngineError(.badValue, "sample-rate conversion: \(String(cString: src_strerror(status)))")
                    }
                    taken += data.input_frames_used
                    generated = data.output_frames_gen
                }
                output.removeLast((chunk - generated) * channels)
            }
            if taken == inputFrames, generated < chunk { return output }
        }
    }
}
