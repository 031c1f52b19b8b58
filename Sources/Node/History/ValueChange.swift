import AudioEngine
import Storage

/// A new stored string of one parameter element, or none, with what the engine is to be told of it.
struct ValueChange: Sendable, Hashable {
    let key: JournalKey
    /// Nil: nothing is stored any more, the default is in force.
    let text: String?
    /// Nil when the chain in force has no place for the value.
    let assignment: ParameterAssignment?
    /// The checked value; nil when nothing is stored or the chain has no place for it.
    let parameter: StoredParameter?

    init(_ parameter: StoredParameter) {
        key = parameter.journalKey
        text = parameter.text
        assignment = parameter.assignment
        self.parameter = parameter
    }

    /// A value that waits for a chain that takes it, or none.
    init(key: JournalKey, text: String?, default assignment: ParameterAssignment? = nil) {
        self.key = key
        self.text = text
        self.assignment = assignment
        parameter = nil
    }
}
