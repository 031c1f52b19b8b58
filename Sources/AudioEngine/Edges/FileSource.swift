/// An audio file, once or over and over without a gap.
final class FileSource: SampleSource {
    private let reader: AudioFileReader
    private let loops: Bool

    var channels: Int { reader.channels }
    var sampleRate: Int { reader.sampleRate }

    init(reader: AudioFileReader, loops: Bool) {
        self.reader = reader
        self.loops = loops
    }

    func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) throws -> Int {
        var filled = 0
        var emptyPasses = 0
        while filled < frames {
            let count = try reader.read(into: buffer + filled * channels, frames: frames - filled)
            filled += count
            guard filled < frames else { break }
            // A file without a frame would loop for ever.
            emptyPasses = count == 0 ? emptyPasses + 1 : 0
            guard loops, emptyPasses < 2 else { break }
            try reader.rewind()
        }
        return filled
    }
}
