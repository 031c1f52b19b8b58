/// How log lines are written on standard error.
public enum LogFormat: String, Sendable, CaseIterable, SettingRepresentable {
    case text, json

    public init?(_ value: SettingValue) {
        guard case .text(let name) = value else { return nil }
        self.init(rawValue: name)
    }

    public var settingValue: SettingValue { .text(rawValue) }
}
