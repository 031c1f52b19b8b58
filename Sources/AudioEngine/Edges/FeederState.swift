/// Where a feeder is and where it is to go: what its thread and those that ask it share.
///
/// Positions of what is heard need the frames that wait in the ring, `waiting`.
struct FeederState {
    /// Hz, of the source and the ring.
    let sampleRate: Int
    /// Seconds of the source, as far as is known; 0 for one without end or without places.
    var duration: Double
    /// Whether the first frame is to follow the last.
    var loops: Bool
    var isPlaying = true
    /// The source gave its last sample, or failed.
    private(set) var hasEnded = false
    /// Seconds; a place that is wanted and not played yet.
    var target: Double?
    /// How often a place was asked for.
    private(set) var moves = 0
    /// Frames that went into the ring since the last move.
    var written = 0
    /// Seconds; where they began in the source.
    private var origin = 0.0
    /// Of the frames written, those that are the source's; the rest is silence behind its end.
    private var given = 0

    var driver: (any AudioDriver)?
    var thread: PeriodicThread?
    /// The thread has begun to work.
    var wasServed = false
    /// The thread is to end.
    var isStopped = false

    init(sampleRate: Int, duration: Double, loops: Bool) {
        self.sampleRate = sampleRate
        self.duration = duration
        self.loops = loops
    }

    private func heard(_ waiting: Int) -> Int { min(max(written - waiting, 0), given) }

    /// Seconds of the source; what leaves the ring now, or what is to leave it next.
    func position(waiting: Int) -> Double {
        if let target { return target }
        let position = origin + Double(heard(waiting)) / Double(sampleRate)
        guard duration > 0 else { return position }
        // A source that has ended stays at its end, whatever is to happen at an end from now on.
        return loops && !hasEnded ? position.truncatingRemainder(dividingBy: duration) : min(position, duration)
    }

    /// The last sample was heard.
    func isOver(waiting: Int) -> Bool { hasEnded && heard(waiting) == given && target == nil }

    /// See ``Engine/setTransport(isPlaying:position:loops:)``.
    mutating func change(isPlaying: Bool?, position: Double?, loops: Bool?, waiting: Int) {
        let isOver = isOver(waiting: waiting)
        let heard = self.position(waiting: waiting)
        self.isPlaying = isPlaying ?? self.isPlaying
        let loopsBefore = self.loops
        self.loops = loops ?? loopsBefore
        if let position {
            move(to: min(max(position, 0), duration))
        } else if isOver {
            let begins = isPlaying == true || (self.loops && !loopsBefore && self.isPlaying)
            if begins, duration > 0 { move(to: 0) }
        } else if self.loops != loopsBefore {
            // What was read ahead goes on as it was meant before.
            move(to: target ?? heard)
        }
    }

    /// Asks for a place, in seconds.
    mutating func move(to place: Double) {
        target = place
        moves += 1
    }

    /// Counts from a place of the source on: the ring was emptied, and the source goes on there.
    mutating func begin(at place: Double) {
        origin = place
        written = 0
        given = 0
        hasEnded = false
    }

    /// Counts frames of the source.
    mutating func take(_ frames: Int, isLast: Bool) {
        given += frames
        hasEnded = isLast
    }
}
