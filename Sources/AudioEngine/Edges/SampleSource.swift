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
