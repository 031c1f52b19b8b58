import CDynamicChain

/// One wire that somebody looks at: its tap and what it lately carried.
final class WireTap {
    /// What the ring bridges between two drains.
    private static let ringFrames = 16_384

    let tap: AudioTap
    private(set) var history: SampleHistory
    private let format: HostFormat
    /// What listeners have not got yet.
    private var unheard: [AudioChunk] = []

    /// - Parameter frames: of the history.
    init(channels: Int, frames: Int, format: HostFormat) throws {
        self.format = format
        tap = try AudioTap(channels: channels, frames: Self.ringFrames, format: format)
        history = SampleHistory(channels: channels, capacity: frames)
    }

    /// - Parameter isHeard: whether somebody listens.
    func drain(isHeard: Bool) {
        tap.drain { samples, _, position in
            history.append(samples)
            guard isHeard else { return }
            unheard.append(
                AudioChunk(
                    sampleRate: format.sampleRate, channels: tap.channels, samples: Array(samples), position: position))
        }
    }

    func takeUnheard() -> [AudioChunk] {
        defer { unheard = [] }
        return unheard
    }
}
