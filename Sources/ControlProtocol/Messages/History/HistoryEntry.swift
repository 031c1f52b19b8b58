/// One change as people read it.
public struct HistoryEntry: Hashable, Sendable, Codable {
    /// What kind of change it was.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Values of one module.
        case parameters
        /// Values that a preset brought.
        case preset
        /// Values that a profile brought.
        case profile
        /// Values between two presets.
        case morph
        /// Values of the other of two states that are compared.
        case comparison
        /// Values of one of these states that were copied over the other.
        case comparisonCopy = "comparison_copy"
        /// Another chain.
        case chain
        /// Values and chain of an archive that was imported.
        case archive
    }

    /// Grows with every change.
    public var id: Int64
    /// Milliseconds since 1970 (UTC), of the last change that the entry holds.
    public var timestamp: Int64
    /// Who made it: the name a client gave itself, else the name of its connection.
    public var client: String
    public var kind: Kind
    /// Such as `gain#1 gainDb#0: -3 → -12`.
    public var title: String
    /// Whether it is taken back at present.
    public var undone: Bool

    public init(id: Int64, timestamp: Int64, client: String, kind: Kind, title: String, undone: Bool) {
        self.id = id
        self.timestamp = timestamp
        self.client = client
        self.kind = kind
        self.title = title
        self.undone = undone
    }
}
