/// The last stretch of a signal, interleaved.
struct SampleHistory {
    let channels: Int
    /// Frames that are kept.
    let capacity: Int
    private var samples: [Float]
    /// Where the next frame goes.
    private var end = 0
    /// Frames that came, at most `capacity`.
    private(set) var count = 0

    init(channels: Int, capacity: Int) {
        self.channels = channels
        self.capacity = capacity
        samples = [Float](repeating: 0, count: channels * capacity)
    }

    mutating func append(_ new: UnsafeBufferPointer<Float>) {
        var rest = new.suffix(channels * capacity)
        while !rest.isEmpty {
            let piece = rest.prefix((capacity - end) * channels)
            samples.withUnsafeMutableBufferPointer { samples in
                guard let target = samples.baseAddress, let source = UnsafeBufferPointer(rebasing: piece).baseAddress
                else { return }
                (target + end * channels).update(from: source, count: piece.count)
            }
            end = (end + piece.count / channels) % capacity
            rest = rest.dropFirst(piece.count)
        }
        count = min(count + new.count / channels, capacity)
    }

    /// The newest `frames` frames, the oldest first; silence stands for what has not come yet.
    func latest(_ frames: Int) -> [Float] {
        let wanted = min(frames, capacity)
        let start = (end - wanted + capacity) % capacity
        let first = min(capacity - start, wanted)
        return Array(samples[(start * channels)..<((start + first) * channels)])
            + Array(samples[..<((wanted - first) * channels)])
    }
}
