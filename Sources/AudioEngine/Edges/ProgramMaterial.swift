import Foundation

/// The built-in programme: a small piece for plucked strings, bass and drums that repeats every eight bars.
///
/// It has what a listener needs to judge a chain: bass from 44 Hz, transients, sustained chords, noise up to the top,
/// left and right that differ. Peaks stay below −3 dBFS. The same samples every time, at any block size. Even channels
/// carry the left side, odd ones the right; a single channel carries both.
final class ProgramMaterial: SampleSource {
    private static let chunkFrames = 1024
    private static let stepsPerBar = 16
    private static let bars = 8
    private static let beatsPerMinute = 92.0
    /// Semitones above A1 of the bar's root and of the chord on it: Am, F, C, G, Am, Dm, F, E.
    private static let roots = [0, 8, 3, 10, 0, 5, 8, 7]
    private static let chords = [
        [0, 3, 7], [0, 4, 7], [0, 4, 7], [0, 4, 7], [0, 3, 7], [0, 3, 7], [0, 4, 7], [0, 4, 7],
    ]
    /// Which note of the chord is plucked at each eighth, counted upwards through two octaves.
    private static let figure = [0, 2, 4, 3, 5, 4, 2, 1]

    let channels: Int
    let sampleRate: Int
    private let framesPerStep: Int
    private var step = 0
    private var leftInStep = 0
    private var voices: [Voice] = []
    private var noise: UInt32 = 0x2545_F491
    private let stereo: UnsafeMutablePointer<Float>

    init(channels: Int, sampleRate: Int) {
        self.channels = max(channels, 1)
        self.sampleRate = sampleRate
        stereo = .allocate(capacity: 2 * Self.chunkFrames)
        framesPerStep = Int(Double(sampleRate) * 60 / Self.beatsPerMinute / 4)
    }

    deinit {
        stereo.deallocate()
    }

    func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) -> Int {
        var done = 0
        while done < frames {
            if leftInStep == 0 { begin() }
            let count = min(frames - done, leftInStep, Self.chunkFrames)
            stereo.update(repeating: 0, count: 2 * count)
            for index in voices.indices {
                voices[index].add(to: stereo, frames: count, noise: &noise)
            }
            voices.removeAll(where: \.isOver)
            spread(to: buffer + done * channels, frames: count)
            leftInStep -= count
            done += count
        }
        return frames
    }

    private func spread(to buffer: UnsafeMutablePointer<Float>, frames: Int) {
        guard channels > 1 else {
            for frame in 0..<frames { buffer[frame] = 0.5 * (stereo[2 * frame] + stereo[2 * frame + 1]) }
            return
        }
        for channel in 0..<channels {
            let target = buffer + channel
            let source = stereo + channel % 2
            for frame in 0..<frames { target[frame * channels] = source[2 * frame] }
        }
    }

    /// Starts the notes of the next sixteenth.
    private func begin() {
        let bar = step / Self.stepsPerBar
        let place = step % Self.stepsPerBar
        if step == 0 { noise = 0x2545_F491 }
        let root = Self.roots[bar]
        if place % 2 == 0 {
            let degree = Self.figure[place / 2]
            let chord = Self.chords[bar]
            let note = root + chord[degree % 3] + 12 * (degree / 3) + 24
            pluck(semitone: note, level: place == 0 ? 0.11 : 0.075, seconds: 1.1, pan: place % 4 == 0 ? 0.3 : 0.7)
        }
        if [0, 6, 10].contains(place) {
            pluck(semitone: root > 7 ? root - 12 : root, level: 0.2, seconds: 0.55, pan: 0.5)
        }
        if [0, 8].contains(place) { kick() }
        if [4, 12].contains(place) { hiss(level: 0.09, seconds: 0.11, pan: 0.45) }
        if place % 4 == 2 { hiss(level: 0.035, seconds: 0.03, pan: 0.62) }
        step = (step + 1) % (Self.stepsPerBar * Self.bars)
        leftInStep = framesPerStep
    }

    private func pluck(semitone: Int, level: Double, seconds: Double, pan: Float) {
        let frequency = 55 * pow(2, Double(semitone) / 12)
        let partials = [(1.0, 1.0, 1.0), (2.001, 0.45, 0.6), (3.003, 0.2, 0.35)].map { ratio, share, length in
            Voice.Partial(
                frequency: frequency * ratio,
                level: level * share,
                seconds: seconds * length,
                sampleRate: sampleRate
            )
        }
        voices.append(Voice(partials: partials, seconds: seconds, pan: pan, sampleRate: sampleRate))
    }

    private func kick() {
        let partials = [(49.0, 0.24, 0.28), (98.0, 0.1, 0.09)].map {
            Voice.Partial(frequency: $0.0, level: $0.1, seconds: $0.2, sampleRate: sampleRate)
        }
        voices.append(Voice(partials: partials, seconds: 0.28, pan: 0.5, sampleRate: sampleRate))
    }

    private func hiss(level: Float, seconds: Double, pan: Float) {
        voices.append(Voice(noiseLevel: level, seconds: seconds, pan: pan, sampleRate: sampleRate))
    }
}
