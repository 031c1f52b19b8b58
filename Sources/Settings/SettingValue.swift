/// The value of a setting, of the kind that its form asks for.
public enum SettingValue: Sendable, Hashable {
    case text(String)
    case whole(Int)
    case number(Double)
    case flag(Bool)
    case list([String])
}

extension SettingValue: CustomStringConvertible {
    /// As it stands in an environment variable; an empty text or list is empty.
    public var description: String {
        switch self {
        case .text(let text): text
        case .whole(let number): "\(number)"
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .flag(let flag): "\(flag)"
        case .list(let elements): elements.joined(separator: ",")
        }
    }
}

extension SettingValue: Encodable {
    /// As it stands in the configuration file.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .whole(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let elements): try container.encode(elements)
        }
    }
}
