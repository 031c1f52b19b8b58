/// Everything that is decided about one setting.
public struct SettingDefinition: Sendable, Hashable {
    /// When a changed value counts.
    public enum Effect: Sendable, Hashable {
        /// On SIGHUP.
        case reload
        /// When the node starts.
        case restart
    }

    public let key: SettingKey
    public let form: SettingForm
    public let defaultValue: SettingValue
    /// Options of `soundpost serve` that set it.
    public let options: [String]
    public let effect: Effect
    /// What it decides, in a line.
    public let summary: String
}

/// A setting together with the type that the program reads it as.
public struct Setting<Value: SettingRepresentable>: Sendable {
    public let definition: SettingDefinition

    /// - Precondition: the default is of the form.
    init(
        _ section: String,
        _ name: String,
        _ form: SettingForm,
        _ defaultValue: Value,
        options: [String] = [],
        effect: SettingDefinition.Effect = .restart,
        _ summary: String
    ) {
        let key = SettingKey(section, name)
        guard form.checked(defaultValue.settingValue) == defaultValue.settingValue else {
            preconditionFailure("The default of \(key) is not \(form.expectation).")
        }
        definition = SettingDefinition(
            key: key,
            form: form,
            defaultValue: defaultValue.settingValue,
            options: options,
            effect: effect,
            summary: summary
        )
    }

    public var key: SettingKey { definition.key }
}
