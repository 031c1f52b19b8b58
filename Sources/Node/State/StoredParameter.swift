import AudioEngine
import ChainModel
import Storage

/// One value of the chain in force, as the engine takes it and as clients and disk see it.
struct StoredParameter: Sendable, Hashable {
    let id: ParameterID
    /// The same as text: canonical.
    let journalKey: JournalKey
    let value: ParameterValue
    /// The stored string.
    let text: String
    /// Whether tuning mode leaves it alone.
    let isSystem: Bool

    init(id: ParameterID, value: ParameterValue, schema: ParameterSchema) {
        self.id = id
        journalKey = JournalKey(instance: id.instance.rawValue, key: id.key.description)
        self.value = value
        text = schema.storeString(for: value)
        isSystem = schema.role == .system
    }

    init(_ resolved: ParameterResolver.Resolved) {
        self.init(id: resolved.id, value: resolved.value, schema: resolved.schema)
    }

    var assignment: ParameterAssignment {
        ParameterAssignment(id: id, value: value)
    }
}
