/// Reads settings from environment variables: `SOUNDPOST_SECTION__KEY`, in any case of letters.
enum SettingsEnvironment {
    /// Names the configuration file when no option does.
    static let configurationFile = "SOUNDPOST_CONFIG"

    /// Variables without the prefix or without `__` are other people's.
    static func read(_ variables: [String: String]) -> LayerReading {
        var reading = LayerReading()
        for (variable, text) in variables.sorted(by: { $0.key < $1.key }) {
            guard variable.uppercased().hasPrefix(SettingKey.environmentPrefix) else { continue }
            let path = variable.dropFirst(SettingKey.environmentPrefix.count)
            guard let separator = path.firstRange(of: "__") else { continue }
            let origin = Origin.environment(variable: String(variable.prefix(120)))
            let meaning = SettingNames.meaning(
                section: String(path[..<separator.lowerBound]),
                name: String(path[separator.upperBound...]),
                same: { $0.uppercased() == $1.uppercased() }
            )
            switch meaning {
            case .setting(let definition):
                if let other = reading.layer.entries[definition.key] {
                    reading.faults.append(
                        SettingsFault(origin: origin, key: definition.key, "It is set by \(other.origin) as well."))
                }
                reading.take(
                    definition.form.value(text: text), of: definition, origin: origin, given: "'\(text.prefix(80))'")
            case .ignored(let reason):
                reading.warn(origin, "The variable is ignored: \(reason).")
            case .unknown:
                let known = SettingCatalog.all.map(\.key.environmentVariable)
                let remark = SettingNames.unknown("setting", hint: NearestName.of(variable, among: known))
                reading.warn(origin, "The variable \(remark)")
            }
        }
        return reading
    }
}
