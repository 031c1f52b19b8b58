/// Another source at another rate. A looping source is converted as the one endless stream it is.
final class ResampledSource: SeekableSource {
    private static let chunkFrames = 1024

    private let source: any SeekableSource
    private let resampler: Resampler
    private var chunk: [Float]
    private var ready: [Float] = []
    private var readyFrom = 0
    private var ended = false

    let sampleRate: Int
    var channels: Int { source.channels }
    var duration: Double { source.duration }

    var loops: Bool {
        get { source.loops }
        set { source.loops = newValue }
    }

    init(_ source: any SeekableSource, sampleRate: Int, quality: Resampler.Quality) throws {
        self.source = source
        self.sampleRate = sampleRate
        resampler = try Resampler(
            channels: source.channels,
            from: source.sampleRate,
            to: sampleRate,
            quality: quality
        )
        chunk = [Float](repeating: 0, count: Self.chunkFrames * source.channels)
    }

    func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) throws -> Int {
        let wanted = frames * channels
        var filled = 0
        while filled < wanted {
            if readyFrom == ready.count {
                guard !ended else { break }
                try convert()
                continue
            }
            let count = min(wanted - filled, ready.count - readyFrom)
            ready.withUnsafeBufferPointer { ready in
                (buffer + filled).update(from: ready.baseAddress! + readyFrom, count: count)
            }
            filled += count
            readyFrom += count
        }
        return filled / channels
    }

    private func convert() throws {
        let frames = try chunk.withUnsafeMutableBufferPointer {
            try source.read(into: $0.baseAddress!, frames: Self.chunkFrames)
        }
        ended = frames < Self.chunkFrames
        ready = try chunk.withUnsafeBufferPointer {
            try resampler.process(UnsafeBufferPointer(rebasing: $0[..<(frames * channels)]), endOfInput: ended)
        }
        readyFrom = 0
    }

    func seek(to seconds: Double) throws -> Double {
        let place = try source.seek(to: seconds)
        try resampler.reset()
        ready = []
        readyFrom = 0
        ended = false
        return place
    }
}
