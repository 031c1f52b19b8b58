/// One frame of planar samples, with the pointers the C host takes.
final class PlanarBuffer {
    let channels: Int
    let frameSize: Int
    /// `channels` pointers to `frameSize` samples each.
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
    private let samples: UnsafeMutablePointer<Float>

    init(channels: Int, frameSize: Int) {
        self.channels = channels
        self.frameSize = frameSize
        samples = .allocate(capacity: max(channels, 1) * frameSize)
        samples.initialize(repeating: 0, count: max(channels, 1) * frameSize)
        pointers = .allocate(capacity: max(channels, 1))
        for channel in 0..<max(channels, 1) {
            (pointers + channel).initialize(to: samples + channel * frameSize)
        }
    }

    deinit {
        samples.deallocate()
        pointers.deallocate()
    }

    /// The pointers as an input of the C host.
    var inputs: UnsafePointer<UnsafePointer<Float>?> {
        UnsafeRawPointer(pointers).assumingMemoryBound(to: UnsafePointer<Float>?.self)
    }

    /// Takes `frames` interleaved frames of as many channels, and zeros behind them.
    func fill(from interleaved: UnsafePointer<Float>, frames: Int) {
        for channel in 0..<channels {
            let target = samples + channel * frameSize
            for frame in 0..<frames { target[frame] = interleaved[frame * channels + channel] }
            (target + frames).update(repeating: 0, count: frameSize - frames)
        }
    }

    /// Gives the first `frames` frames, interleaved.
    func copy(to interleaved: UnsafeMutablePointer<Float>, frames: Int) {
        for channel in 0..<channels {
            let source = samples + channel * frameSize
            for frame in 0..<frames { interleaved[frame * channels + channel] = source[frame] }
        }
    }
}
