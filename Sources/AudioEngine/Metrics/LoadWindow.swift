/// Mean duration of frames over the last one to two windows of a fixed number of frames.
struct LoadWindow {
    private let windowFrames: UInt64
    private var current: (nanoseconds: UInt64, frames: UInt64) = (0, 0)
    private var previous: (nanoseconds: UInt64, frames: UInt64) = (0, 0)
    private(set) var lastNanoseconds: UInt32 = 0

    /// - Parameter windowFrames: about a second of them.
    init(windowFrames: Int) {
        self.windowFrames = UInt64(max(windowFrames, 1))
    }

    mutating func add(_ nanoseconds: UInt32) {
        lastNanoseconds = nanoseconds
        current.nanoseconds += UInt64(nanoseconds)
        current.frames += 1
        if current.frames == windowFrames {
            previous = current
            current = (0, 0)
        }
    }

    /// Of one frame; 0 before the first.
    var meanNanoseconds: Double {
        let frames = current.frames + previous.frames
        return frames > 0 ? Double(current.nanoseconds + previous.nanoseconds) / Double(frames) : 0
    }
}
