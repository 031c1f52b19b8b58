/// How one chain replaces another.
public enum SwapOutcome: String, Sendable, Hashable, Codable {
    /// Both run for a moment while one fades into the other.
    case crossfade
    /// The output fades out, the chains change, and it fades in: both at once would be too much for the machine.
    case dip
    /// The chains have different channels, rates or frame sizes: the engine faded out, stopped and started again.
    case restart
}
