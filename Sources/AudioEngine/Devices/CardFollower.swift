import CDynamicChain
import CSampleRate

/// Brings one sound card's input to a host that another card drives. Their clocks differ, and are followed: the input
/// is converted (libsamplerate) at the ratio that keeps what waits between the two at one length.
///
/// `@unchecked Sendable`: `pointer` is used by the two cards' call-backs as the C header allows, what it points to is
/// theirs alone.
final class CardFollower: @unchecked Sendable {
    let pointer: OpaquePointer
    /// The host's input.
    let ring: AudioRing
    /// From the input's call-back to the output's, in samples: what waits, the frame in which it is taken, and what the
    /// converter holds back.
    let delay: Int
    private let resampler: Resampler

    /// - Parameters:
    ///   - cardChannels: how many the card is opened with.
    ///   - channels: those that the chain's inputs hear; `nil` = in order.
    ///   - cardLatency: of the slower card's buffers, in seconds: how much its call-backs may jitter.
    /// - Throws: ``EngineError`` `badArgument`.
    init(format: HostFormat, cardChannels: Int, channels: CardChannels?, cardLatency: Double) throws {
        let target = 2 * format.frameSize + Int(cardLatency * Double(format.sampleRate))
        ring = try AudioRing(channels: format.inputs, frames: 2 * target + format.sampleRate)
        var config = DynFollowerConfig()
        config.abiVersion = DYNCHAIN_ABI_VERSION
        config.structSize = UInt32(MemoryLayout<DynFollowerConfig>.size)
        config.sampleRate = UInt32(format.sampleRate)
        config.channels = UInt32(format.inputs)
        config.cardChannels = UInt32(cardChannels)
        config.target = UInt32(target)
        config.ring = ring.pointer
        config.convert = convertAtCard
        let (resampler, held, pointer) = try CardChannels.withMap(channels, of: format.inputs) { map in
            config.map = map
            let resampler = try Resampler(
                channels: Int(DynFollower_Converted(&config)),
                from: format.sampleRate,
                to: format.sampleRate,
                quality: .medium
            )
            config.context = UnsafeMutableRawPointer(resampler.state)
            return (resampler, try Self.heldFrames(resampler), DynFollower_Create(&config))
        }
        guard let pointer else {
            throw EngineError(.badArgument, "no memory to follow a sound card's clock with \(format.inputs) channels")
        }
        self.pointer = pointer
        self.resampler = resampler
        delay = target + format.frameSize + held
    }

    /// What a converter at a ratio of 1 takes in before it gives out.
    private static func heldFrames(_ resampler: Resampler) throws -> Int {
        let frames = 4096
        let silence = [Float](repeating: 0, count: frames * resampler.channels)
        let converted = try silence.withUnsafeBufferPointer { try resampler.process($0) }
        try resampler.reset()
        return frames - converted.count / resampler.channels
    }

    deinit {
        DynFollower_Destroy(pointer)
    }

    /// How many times the stream had to be centred anew, in silence. Any thread.
    var resyncs: UInt64 { DynFollower_Resyncs(pointer) }
}

/// Runs on the input card's thread. libsamplerate's converters have all their memory from the start, and take all input
/// when there is room for what comes of it. They come to a new ratio along a line as long as `room`: far shorter than
/// the time in which the follower moves it.
private func convertAtCard(
    state: UnsafeMutableRawPointer?,
    input: UnsafePointer<Float>?,
    frames: UInt32,
    ratio: Double,
    output: UnsafeMutablePointer<Float>?,
    room: UInt32
) -> UInt32 {
    guard let state, let input, let output else { return 0 }
    var data = SRC_DATA()
    data.data_in = input
    data.input_frames = Int(frames)
    data.data_out = output
    data.output_frames = Int(room)
    data.src_ratio = ratio
    return src_process(OpaquePointer(state), &data) == 0 ? UInt32(data.output_frames_gen) : 0
}
