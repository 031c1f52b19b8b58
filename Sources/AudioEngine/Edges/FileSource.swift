/// An audio file, once or over and over without a gap.
final class FileSource: SeekableSource {
    private let reader: AudioFileReader
    /// By the header until the end was read; 0 when the file does not say, or cannot be moved.
    private var frameCount: Int
    /// Of the next frame.
    private var position = 0
    var loops: Bool

    var channels: Int { reader.channels }
    var sampleRate: Int { reader.sampleRate }
    var duration: Double { Double(frameCount) / Double(sampleRate) }

    init(reader: AudioFileReader, loops: Bool) {
        self.reader = reader
        self.loops = loops
        frameCount = reader.isSeekable ? reader.frameCount : 0
    }

    func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) throws -> Int {
        var filled = 0
        var emptyPasses = 0
        while filled < frames {
            let count = try reader.read(into: buffer + filled * channels, frames: frames - filled)
            filled += count
            position += count
            guard filled < frames else { break }
            // Here is the end, wherever the header says it is.
            if reader.isSeekable { frameCount = position }
            // A file without a frame would loop for ever; a pipe is over.
            emptyPasses = count == 0 ? emptyPasses + 1 : 0
            guard loops, reader.isSeekable, emptyPasses < 2 else { break }
            try go(to: 0)
        }
        return filled
    }

    func seek(to seconds: Double) throws -> Double {
        // In floating point: what a client names may be far beyond what an integer holds.
        let frame = Int(min(max(seconds * Double(sampleRate), 0), Double(frameCount)))
        try go(to: frame)
        return Double(frame) / Double(sampleRate)
    }

    private func go(to frame: Int) throws {
        try reader.seek(to: frame)
        position = frame
    }
}
