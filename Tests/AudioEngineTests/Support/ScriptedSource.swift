@testable import AudioEngine

/// A mono source whose samples are the numbers of their frames, and that does what a test says before each read.
final class ScriptedSource: SeekableSource {
    static let rate = 1000

    let channels = 1
    let sampleRate = rate
    /// Seconds; what it says, until it knows better.
    private(set) var duration: Double
    var loops: Bool
    /// Frames that it has.
    private let count: Int
    private var position = 0
    var beforeRead: () throws -> Void = {}

    init(count: Int, saying duration: Double? = nil, loops: Bool = false) {
        self.count = count
        self.duration = duration ?? Double(count) / Double(Self.rate)
        self.loops = loops
    }

    func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) throws -> Int {
        try beforeRead()
        for index in 0..<frames {
            if position == count {
                duration = Double(count) / Double(Self.rate)
                guard loops else { return index }
                position = 0
            }
            buffer[index] = Float(position)
            position += 1
        }
        return frames
    }

    func seek(to seconds: Double) -> Double {
        position = Int(min(max(seconds, 0), duration) * Double(Self.rate))
        return Double(position) / Double(Self.rate)
    }
}
