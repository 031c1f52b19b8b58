public import WireFormats

/// The value of a setting, of the kind that its form asks for.
public enum SettingValue: Sendable, Hashable {
    case text(String)
    case whole(Int)
    case number(Double)
    case flag(Bool)
    case list([String])
    /// JSON objects, out of JSON.
    case objects([JSONValue])
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
        case .objects(let elements): elements.isEmpty ? "" : Self.json(elements)
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
        case .objects(let elements): try container.encode(elements)
        }
    }
}

extension SettingValue {
    static func json(_ elements: [JSONValue]) -> String {
        var writer = JSONWriter()
        do {
            try writer.write(.array(elements))
        } catch {
            preconditionFailure("What was read as JSON cannot be written as JSON: \(error)")
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
