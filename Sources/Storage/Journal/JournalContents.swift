/// Everything that a journal holds, but for the chains of chain edits.
public struct JournalContents: Sendable, Hashable {
    /// Stored strings by instance id and canonical key.
    public var values: [String: [String: String]]
    /// The oldest first.
    public var entries: [JournalEntry]
    /// Ids of the presets that modules play, by instance id.
    public var loadedPresets: [String: String]

    public init(
        values: [String: [String: String]],
        entries: [JournalEntry],
        loadedPresets: [String: String]
    ) {
        self.values = values
        self.entries = entries
        self.loadedPresets = loadedPresets
    }
}
