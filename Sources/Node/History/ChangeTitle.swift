import Storage

/// The words by which people know a change.
enum ChangeTitle {
    static func parameter(_ key: JournalKey, before: String?, after: String?) -> String {
        "\(key.instance) \(key.key): \(shown(before)) → \(shown(after))"
    }

    /// - Parameter values: of one module or several.
    static func parameters(_ values: [JournalKey: JournalEntry.Values]) -> String {
        if let (key, value) = values.first, values.count == 1 {
            return parameter(key, before: value.before, after: value.after)
        }
        let instances = Set(values.keys.map(\.instance)).sorted()
        let names = instances.prefix(3).joined(separator: ", ") + (instances.count > 3 ? " …" : "")
        return "\(names): \(values.count) parameters"
    }

    static func preset(_ name: String, of instance: String) -> String { "\(instance): preset \(name)" }
    static func morph(_ from: String, _ to: String, of instance: String) -> String {
        "\(instance): between \(from) and \(to)"
    }
    static func comparison(_ slot: String) -> String { "comparison: \(slot.uppercased())" }
    static func copied(_ slot: String) -> String { "comparison: \(slot.uppercased()) copied" }
    static func profile(_ name: String) -> String { "profile \(name)" }

    static func chain(from before: Int, to after: Int) -> String {
        before == after ? "chain of \(after) modules" : "chain: \(before) → \(after) modules"
    }

    private static func shown(_ text: String?) -> String { text ?? "none" }
}
