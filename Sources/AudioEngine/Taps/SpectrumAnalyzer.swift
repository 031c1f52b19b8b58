import CDynamicChain

/// Levels of a stretch of samples over a logarithmic scale of frequencies.
///
/// Not thread-safe: one analyzer belongs to one thread at a time.
public final class SpectrumAnalyzer {
    /// What one spectrum shows: `points` frequencies from `minHz` to `maxHz`, equally far apart on a logarithmic scale.
    public struct Scale: Sendable, Hashable {
        public var minHz: Double
        public var maxHz: Double
        public var points: Int

        public init(minHz: Double = 20, maxHz: Double = 20_000, points: Int = 240) {
            self.minHz = minHz
            self.maxHz = maxHz
            self.points = points
        }
    }

    /// Below this, dBFS, nothing is told apart.
    public static let floorDb: Float = -140

    /// Samples of a stretch.
    public let size: Int
    private let pointer: OpaquePointer

    /// - Parameter size: a power of two, 64…2²⁰.
    public init(size: Int) {
        guard let pointer = DynSpectrum_Create(UInt32(size)) else {
            preconditionFailure("the size of a spectrum is a power of two from 64 to 2^20")
        }
        self.size = size
        self.pointer = pointer
    }

    deinit {
        DynSpectrum_Destroy(pointer)
    }

    /// - Parameters:
    ///   - samples: interleaved, at least `size` frames; the first `size` are taken.
    ///   - channel: one channel; `nil` = the mean power of all.
    /// - Returns: dBFS of a sine's amplitude (a full-scale sine reads 0).
    public func levels(
        of samples: [Float],
        channels: Int,
        channel: Int? = nil,
        sampleRate: Int,
        scale: Scale = Scale()
    ) -> [Float] {
        precondition(samples.count >= size * channels)
        DynSpectrum_Clear(pointer)
        let chosen = channel.map { [$0] } ?? Array(0..<channels)
        samples.withUnsafeBufferPointer { samples in
            for channel in chosen where channel < channels {
                guard let base = samples.baseAddress else { return }
                DynSpectrum_Add(pointer, base + channel, UInt32(channels), 1 / Double(chosen.count))
            }
        }
        var levels = [Float](repeating: Self.floorDb, count: scale.points)
        DynSpectrum_Read(
            pointer, Double(sampleRate), scale.minHz, scale.maxHz, &levels, UInt32(scale.points), Self.floorDb)
        return levels
    }
}
