public import WireFormats

/// A type that the program reads settings as.
public protocol SettingRepresentable: Sendable {
    /// Nil when the value is of another kind, which a setting's form rules out.
    init?(_ value: SettingValue)
    var settingValue: SettingValue { get }
}

extension String: SettingRepresentable {
    public init?(_ value: SettingValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }

    public var settingValue: SettingValue { .text(self) }
}

extension Int: SettingRepresentable {
    public init?(_ value: SettingValue) {
        guard case .whole(let number) = value else { return nil }
        self = number
    }

    public var settingValue: SettingValue { .whole(self) }
}

extension Double: SettingRepresentable {
    public init?(_ value: SettingValue) {
        guard case .number(let number) = value else { return nil }
        self = number
    }

    public var settingValue: SettingValue { .number(self) }
}

extension Bool: SettingRepresentable {
    public init?(_ value: SettingValue) {
        guard case .flag(let flag) = value else { return nil }
        self = flag
    }

    public var settingValue: SettingValue { .flag(self) }
}

extension Array: SettingRepresentable where Element: SettingListElement {
    public init?(_ value: SettingValue) {
        guard let elements = Element.elements(of: value) else { return nil }
        self = elements
    }

    public var settingValue: SettingValue { Element.settingValue(of: self) }
}

/// What a setting may be a list of.
public protocol SettingListElement: Sendable {
    static func elements(of value: SettingValue) -> [Self]?
    static func settingValue(of elements: [Self]) -> SettingValue
}

extension String: SettingListElement {
    public static func elements(of value: SettingValue) -> [String]? {
        if case .list(let elements) = value { elements } else { nil }
    }

    public static func settingValue(of elements: [String]) -> SettingValue { .list(elements) }
}

extension JSONValue: SettingListElement {
    public static func elements(of value: SettingValue) -> [JSONValue]? {
        if case .objects(let elements) = value { elements } else { nil }
    }

    public static func settingValue(of elements: [JSONValue]) -> SettingValue { .objects(elements) }
}
