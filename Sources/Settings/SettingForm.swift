import ChainModel
import WireFormats

/// What values a setting takes, and how they are read from a file and from text.
public enum SettingForm: Sendable, Hashable {
    case text
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case flag
    case choice([String])
    /// Texts; in an environment variable with commas between them.
    case list
    /// A list of JSON objects, also in an environment variable.
    case objects
    case listenURL

    /// What would be right, for messages and for the example file.
    public var expectation: String {
        switch self {
        case .text: "a text"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            "a number from \(SettingValue.number(range.lowerBound)) to \(SettingValue.number(range.upperBound))"
        case .flag: "true or false"
        case .choice(let choices): "one of " + choices.joined(separator: ", ")
        case .list: "a list of texts"
        case .objects: "a list of objects, such as [{}]"
        case .listenURL: "http://HOST:PORT or https://HOST:PORT, with a port from 0 to 65535"
        }
    }

    /// The value of a file's JSON; nil when it does not fit.
    func value(_ json: JSONValue) -> SettingValue? {
        switch (self, json) {
        case (.text, .string(let text)), (.choice, .string(let text)), (.listenURL, .string(let text)):
            checked(.text(text))
        case (.whole, .integer(let number)): Int(exactly: number).flatMap { checked(.whole($0)) }
        case (.number, .integer(let number)): checked(.number(Double(number)))
        case (.number, .number(let number)): checked(.number(number))
        case (.flag, .bool(let flag)): .flag(flag)
        case (.list, .array(let elements)): list(elements)
        case (.objects, .array(let elements)): checked(.objects(elements))
        default: nil
        }
    }

    /// The value of an environment variable or option; nil when it does not fit.
    func value(text: String) -> SettingValue? {
        switch self {
        case .text, .choice, .listenURL: checked(.text(text))
        case .whole: Int(text).flatMap { checked(.whole($0)) }
        case .number: Double(text).flatMap { checked(.number($0)) }
        case .flag:
            switch text.lowercased() {
            case "true", "1": .flag(true)
            case "false", "0": .flag(false)
            default: nil
            }
        case .objects: objects(text)
        case .list: .list(text.split(separator: ",").map { String($0.trimmed()) }.filter { !$0.isEmpty })
        }
    }

    /// The value in its canonical form; nil when it does not fit. No text may hold control characters: values end in
    /// log lines, paths and headers.
    func checked(_ value: SettingValue) -> SettingValue? {
        switch (self, value) {
        case (.text, .text(let text)): Self.isPlain(text) ? value : nil
        case (.choice(let choices), .text(let text)): choices.contains(text) ? value : nil
        case (.listenURL, .text(let text)): ListenURL(text)?.settingValue
        case (.whole(let range), .whole(let number)): range.contains(number) ? value : nil
        case (.number(let range), .number(let number)): range.contains(number) ? value : nil
        case (.flag, .flag): value
        case (.list, .list(let elements)): elements.allSatisfy(Self.isPlain) ? value : nil
        case (.objects, .objects(let elements)):
            elements.allSatisfy { if case .object = $0 { true } else { false } } ? value : nil
        default: nil
        }
    }

    private func list(_ elements: [JSONValue]) -> SettingValue? {
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element, !text.isEmpty else { return nil }
            texts.append(text)
        }
        return checked(.list(texts))
    }

    private func objects(_ text: String) -> SettingValue? {
        guard !text.isEmpty else { return .objects([]) }
        do {
            return value(try JSONParser.parse(Array(text.utf8), maximumBytes: SettingsFile.maximumBytes))
        } catch {
            return nil
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}

extension Substring {
    /// Without spaces and tabs at its ends.
    fileprivate func trimmed() -> Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
