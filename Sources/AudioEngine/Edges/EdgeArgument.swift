/// `kind`, `kind:detail`, `card@channels` or `card@channels:detail`, cut at the first colon. An empty detail counts as
/// none.
struct EdgeArgument {
    let kind: String
    let detail: String?
    /// Of a card.
    let channels: CardChannels?

    init(_ argument: String, _ direction: AudioDevice.Direction) throws {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if words.count > 1, words[0] == "card" {
            kind = "card"
            channels = try CardChannels(text: words[1], of: direction)
        } else {
            kind = String(parts[0])
            channels = nil
        }
        detail = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
    }
}
