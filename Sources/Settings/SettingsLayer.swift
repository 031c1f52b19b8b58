/// The values that one place sets: a file, the environment or the command line. Every value is of its setting's form.
public struct SettingsLayer: Sendable {
    struct Entry: Sendable, Hashable {
        var value: SettingValue
        var origin: Origin
    }

    private(set) var entries: [SettingKey: Entry] = [:]

    public init() {}

    /// Sets a value that is typed already, as options of the command line are.
    ///
    /// - Throws: what would be right, when the value is outside the setting's range.
    public mutating func set<Value>(_ setting: Setting<Value>, _ value: Value, origin: Origin) throws(SettingsFault) {
        guard let checked = setting.definition.form.checked(value.settingValue) else {
            throw SettingsFault(
                origin: origin, key: setting.key,
                "'\(value.settingValue)' does not fit; it takes \(setting.definition.form.expectation)"
            )
        }
        set(setting.key, checked, origin: origin)
    }

    mutating func set(_ key: SettingKey, _ value: SettingValue, origin: Origin) {
        entries[key] = Entry(value: value, origin: origin)
    }
}
