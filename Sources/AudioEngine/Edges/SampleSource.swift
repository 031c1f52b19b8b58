/// Gives interleaved samples on demand, on the thread that feeds the engine.
protocol SampleSource: AnyObject {
    var channels: Int { get }
    /// In Hz.
    var sampleRate: Int { get }

    /// Fills `buffer` with up to `frames` frames of `channels` samples.
    ///
    /// - Returns: how many came; fewer than wanted means that the source has ended.
    func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) throws -> Int
}

/// A source with an end, of which any place can be played.
protocol SeekableSource: SampleSource {
    /// Seconds; 0 when it does not say, or cannot be moved after all. A source that ends elsewhere than it said knows
    /// better afterwards.
    var duration: Double { get }
    /// Whether the first frame follows the last.
    var loops: Bool { get set }
    /// Continues at a place.
    ///
    /// - Parameter seconds: from the start; what lies outside is the start or the end.
    /// - Returns: the place of the frame that comes next.
    func seek(to seconds: Double) throws -> Double
}
