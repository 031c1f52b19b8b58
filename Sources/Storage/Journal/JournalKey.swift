/// One parameter element in the journal.
public struct JournalKey: Sendable, Hashable {
    /// Flattened instance id.
    public var instance: String
    /// Canonical parameter key.
    public var key: String

    public init(instance: String, key: String) {
        self.instance = instance
        self.key = key
    }
}
