import Foundation

/// The commented example of a configuration file, made from ``SettingCatalog``.
public enum ExampleFile {
    /// Sets every setting to its default.
    public static let text: String = {
        let sections = SettingCatalog.sections.map { section in
            let settings = SettingCatalog.all.filter { $0.key.section == section }
            let last = settings.last
            return "  \"\(section)\": {\n"
                + settings.map { entry($0, isLast: $0 == last) }.joined(separator: "\n") + "  }"
        }
        return """
            // Configuration of `soundpost serve --config FILE` (or SOUNDPOST_CONFIG=FILE): JSON with // comments.
            // Every line shows the default. Command line > environment > this file > defaults.
            // Relative paths start in the working directory. SIGHUP reads the file again; [restart] marks what
            // counts from the next start only.
            {
            \(sections.joined(separator: ",\n\n"))
            }

            """
    }()

    private static func entry(_ definition: SettingDefinition, isLast: Bool) -> String {
        let names = definition.options + [definition.key.environmentVariable]
        let restart = definition.effect == .restart ? " [restart]" : ""
        return """
                // \(definition.summary)
                // \(definition.form.expectation); \(names.joined(separator: ", "))\(restart)
                "\(definition.key.name)": \(json(definition.defaultValue))\(isLast ? "" : ",")

            """
    }

    private static func json(_ value: SettingValue) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .list(let elements): "[" + elements.map(quoted).joined(separator: ", ") + "]"
        case .objects(let elements): SettingValue.json(elements)
        case .whole, .number, .flag: value.description
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
