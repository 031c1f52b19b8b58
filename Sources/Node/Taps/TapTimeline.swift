/// Where the samples of a wire stand in one stream, over the gaps between them.
///
/// The wire's own count tells what was lost, as long as it goes on. It begins again when the engine is started again
/// or the module is rebuilt; then the clock tells how long the gap was, to within some 50 ms, and one frame is the
/// least: a reader always sees that what it has got does not belong together.
struct TapTimeline: Sendable {
    private let sampleRate: Int
    /// Frames since the stream's first one, gaps included.
    private(set) var position: UInt64 = 0
    /// Frames that are missing before `position` and were not told of yet.
    private(set) var missed: UInt32 = 0
    /// What the wire's count should be next, and when it was there; nil before the first samples.
    private var expected: (count: UInt64, at: ContinuousClock.Instant)?

    /// - Parameter sampleRate: Hz.
    init(sampleRate: Int) {
        self.sampleRate = sampleRate
    }

    /// Samples have come.
    ///
    /// - Parameters:
    ///   - frames: how many.
    ///   - count: the wire's own count before them.
    ///   - now: when they were there.
    mutating func arrive(_ frames: Int, count: UInt64, at now: ContinuousClock.Instant) {
        if let expected {
            if count >= expected.count {
                skip(count - expected.count)
            } else {
                let seconds = (now - expected.at) / .seconds(1) - Double(frames) / Double(sampleRate)
                skip(UInt64(max(1, (seconds * Double(sampleRate)).rounded())))
            }
        }
        expected = (count + UInt64(frames), now)
    }

    /// The samples that have come were handed over, with what was missing before them.
    mutating func handedOver(_ frames: Int) {
        position += UInt64(frames)
        missed = 0
    }

    /// The samples that have come were not.
    mutating func skip(_ frames: UInt64) {
        position += frames
        missed = UInt32(clamping: UInt64(missed) + frames)
    }
}
