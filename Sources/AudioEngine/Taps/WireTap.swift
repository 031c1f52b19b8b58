import CDynamicChain

/// One wire that somebody looks at: its tap and what it lately carried.
final class WireTap {
    /// What the ring bridges between two drains.
    private static let ringFrames = 16_384

    let tap: AudioTap
    private(set) var history: SampleHistory

    /// - Parameter frames: of the history.
    init(channels: Int, frames: Int, format: HostFormat) throws {
        tap = try AudioTap(channels: channels, frames: Self.ringFrames, format: format)
        history = SampleHistory(channels: channels, capacity: frames)
    }

    func drain() {
        tap.drain { samples, _, _ in history.append(samples) }
    }
}
