/// What one commit brings to disk. Later additions for the same key or entry replace earlier ones.
public struct JournalWrite: Sendable {
    /// New stored strings; an inner nil removes the stored string.
    public private(set) var values: [JournalKey: String?] = [:]
    /// New and changed entries of the history.
    public private(set) var entries: [Int64: JournalEntry] = [:]
    /// The preset that a module plays; an inner nil forgets it.
    public private(set) var loadedPresets: [String: String?] = [:]

    public init() {}

    public var isEmpty: Bool { values.isEmpty && entries.isEmpty && loadedPresets.isEmpty }

    public mutating func set(_ key: JournalKey, to text: String?) {
        values.updateValue(text, forKey: key)
    }

    public mutating func put(_ entry: JournalEntry) {
        entries[entry.id] = entry
    }

    public mutating func setLoadedPreset(_ preset: String?, of instance: String) {
        loadedPresets.updateValue(preset, forKey: instance)
    }
}
