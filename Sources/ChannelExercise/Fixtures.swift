internal import Foundation
internal import SoundpostChannels
internal import WireFormats

/// What `fixtures/channels` says to all languages.
struct Fixtures: Sendable {
    struct Row: Sendable {
        let why: String
        /// As it is sent; it need not be UTF-8.
        let wire: [UInt8]
        /// The members of the message that it is; empty when it is none.
        let message: [String: JSONValue]
    }

    let messages: [Row]
    let refused: [Row]
    let steps: [String: JSONValue]

    init(_ directory: URL) throws {
        messages = try Self.rows(directory.appending(path: "messages.jsonl"))
        refused = try Self.rows(directory.appending(path: "refused.jsonl"))
        steps = try Self.parse(Data(contentsOf: directory.appending(path: "steps.json"))).members
    }

    /// Rows nest deeper than the messages in them.
    private static func parse(_ text: Data) throws -> JSONValue {
        try JSONParser.parse(text, maximumDepth: 64)
    }

    private static func rows(_ file: URL) throws -> [Row] {
        try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { line in
            let row = try parse(line).members
            let wire: [UInt8] =
                if case .string(let hex) = row["hex"] { bytes(hex) } else { Array((row["line"]?.text ?? "").utf8) }
            return Row(why: row["why"]?.text ?? "", wire: wire, message: row["message"]?.members ?? [:])
        }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension JSONValue {
    var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
    var text: String { if case .string(let text) = self { text } else { "" } }
    var count: Int { if case .integer(let number) = self { Int(number) } else { 0 } }

    private var isNumber: Bool {
        switch self {
        case .integer, .unsigned, .number: true
        default: false
        }
    }

    private var double: Double {
        switch self {
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        case .number(let number): number
        default: .nan
        }
    }

    /// Whether two values are the same JSON: 1 and 1.0 are, and texts only in the same code points.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { key, value in b[key]?.isSame(as: value) ?? false }
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.number, _) where other.isNumber, (_, .number) where isNumber: double == other.double
        default: self == other
        }
    }
}

extension Message {
    /// Whether this has the members that a row says; an error's data may be null instead of absent.
    func isSame(as expected: [String: JSONValue]) -> Bool {
        var seen: [String: JSONValue] = ["type": .string(kind.rawValue), "data": data]
        seen["id"] = id.map(JSONValue.string)
        seen["method"] = method.map(JSONValue.string)
        seen["event"] = event.map(JSONValue.string)
        seen["error"] = error.map { error in
            ["code": .integer(Int64(error.code)), "message": .string(error.message), "data": error.data ?? .null]
        }
        var wanted = expected
        wanted["data"] = expected["data"] ?? .null
        if var error = expected["error"]?.members {
            error["data"] = error["data"] ?? .null
            wanted["error"] = .object(error)
        }
        return JSONValue.object(seen).isSame(as: .object(wanted))
    }
}
