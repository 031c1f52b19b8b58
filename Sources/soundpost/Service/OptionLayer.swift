import Settings

/// The uppermost layer of the settings while it is made from the options that were given.
struct OptionLayer {
    private(set) var layer = SettingsLayer()
    private(set) var faults: [SettingsFault] = []

    /// Sets a value, if there is one, or notes what would be right.
    mutating func set<Value>(_ setting: Setting<Value>, _ value: Value?, by option: String) {
        guard let value else { return }
        do throws(SettingsFault) {
            try layer.set(setting, value, origin: .option(option))
        } catch {
            faults.append(error)
        }
    }

    /// Sets a value that is one of a few names.
    mutating func set<Value>(_ setting: Setting<Value>, text: String?, by option: String)
    where Value: RawRepresentable<String> {
        guard let text else { return }
        if let value = Value(rawValue: text) {
            set(setting, value, by: option)
        } else {
            faults.append(
                SettingsFault(
                    origin: .option(option), key: setting.key,
                    "'\(text)' does not fit; it takes \(setting.definition.form.expectation)"
                )
            )
        }
    }
}
