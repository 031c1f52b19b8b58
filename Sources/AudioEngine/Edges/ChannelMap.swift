/// How the channels of a source meet those of a chain: channel i goes to channel i, channels that the chain lacks are
/// dropped, channels that the source lacks are silent, and a source of one channel goes to all.
struct ChannelMap: Sendable, Hashable {
    let from: Int
    let to: Int

    /// Maps interleaved frames; the two must not overlap.
    func apply(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        guard from != to else {
            output.update(from: input, count: frames * to)
            return
        }
        let shared = min(from, to)
        for frame in 0..<frames {
            let source = input + frame * from
            let target = output + frame * to
            if from == 1 {
                target.update(repeating: source[0], count: to)
            } else {
                target.update(from: source, count: shared)
                (target + shared).update(repeating: 0, count: to - shared)
            }
        }
    }
}
