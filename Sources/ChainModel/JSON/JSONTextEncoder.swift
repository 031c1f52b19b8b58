/// Encodes types as JSON text on one line, with sorted keys and without escaped slashes, so equal values are equal texts.
///
/// The text is that of Foundation's encoder. A node sends small messages by the thousand, and encoding them took a tenth of
/// its time. Types that Foundation treats apart (`Data`, `Date`, `URL`) encode in their own way here.
public struct JSONTextEncoder: Encoder {
    private let node: JSONTextNode
    /// The path is put together when somebody asks for it, as in `JSONValueDecoder`.
    private let parents: [any CodingKey]
    private let key: (any CodingKey)?
    public var codingPath: [any CodingKey] { key.map { parents + [$0] } ?? parents }
    /// Always empty.
    public var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(_ node: JSONTextNode, parents: [any CodingKey], key: (any CodingKey)?) {
        self.node = node
        self.parents = parents
        self.key = key
    }

    /// - Throws: `EncodingError` when a number is not finite, or what the type's own encoding throws.
    public static func text(of value: some Encodable) throws -> String {
        let node = JSONTextNode()
        try value.encode(to: JSONTextEncoder(node, parents: [], key: nil))
        var text = ""
        text.reserveCapacity(256)
        node.write(to: &text)
        return text
    }

    public func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.beginObject()
        return KeyedEncodingContainer(JSONTextKeyedContainer<Key>(node: node, encoder: self))
    }

    public func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.beginArray()
        return JSONTextUnkeyedContainer(node: node, encoder: self)
    }

    public func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONTextSingleContainer(node: node, encoder: self)
    }

    /// The encoder of a member or element.
    func nested(_ node: JSONTextNode, _ key: any CodingKey) -> JSONTextEncoder {
        JSONTextEncoder(node, parents: codingPath, key: key)
    }
}

/// A value under construction. A class, because containers are values that all write into one place.
final class JSONTextNode {
    enum Part {
        /// Finished JSON.
        case text(String)
        case node(JSONTextNode)
    }

    private enum Content {
        case scalar(String)
        case object([(key: String, part: Part)])
        case array([Part])
    }

    /// What encodes nothing becomes an empty object.
    private var content = Content.object([])

    /// Elements of an array, or members of an object.
    var count: Int {
        switch content {
        case .scalar: 1
        case .object(let members): members.count
        case .array(let elements): elements.count
        }
    }

    func set(_ text: String) {
        content = .scalar(text)
    }

    /// Members that are there stay: a type may ask for its container again.
    func beginObject() {
        if case .object = content { return }
        content = .object([])
    }

    func beginArray() {
        if case .array = content { return }
        content = .array([])
    }

    /// The last member of a name counts.
    func add(_ part: Part, forKey key: String) {
        guard case .object(var members) = content else { return }
        content = .object([])
        members.append((key, part))
        content = .object(members)
    }

    func add(_ part: Part) {
        guard case .array(var elements) = content else { return }
        content = .array([])
        elements.append(part)
        content = .array(elements)
    }

    func write(to text: inout String) {
        switch content {
        case .scalar(let scalar):
            text += scalar
        case .object(var members):
            members.sort { $0.key < $1.key }
            text += "{"
            for (index, member) in members.enumerated() {
                // Sorting is stable, so of members with one name the last stands last.
                if index + 1 < members.count, members[index + 1].key == member.key { continue }
                JSONText.write(member.key, to: &text)
                text += ":"
                Self.write(member.part, to: &text)
                if index + 1 < members.count { text += "," }
            }
            text += "}"
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                Self.write(element, to: &text)
            }
            text += "]"
        }
    }

    private static func write(_ part: Part, to text: inout String) {
        switch part {
        case .text(let finished): text += finished
        case .node(let node): node.write(to: &text)
        }
    }
}

/// The spelling of single values.
enum JSONText {
    static func quoted(_ string: String) -> String {
        var text = ""
        text.reserveCapacity(string.utf8.count + 2)
        write(string, to: &text)
        return text
    }

    static func write(_ string: String, to text: inout String) {
        text += "\""
        if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            text += string
        } else {
            for scalar in string.unicodeScalars { write(scalar, to: &text) }
        }
        text += "\""
    }

    /// The shortest digits that give the same number again; integers without a fraction.
    static func number<Value: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: Value,
        _ codingPath: @autoclosure () -> [any CodingKey]
    ) throws -> String {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value,
                .init(codingPath: codingPath(), debugDescription: "JSON has no number \(value).")
            )
        }
        let digits = value.description
        return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    }

    private static func write(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\u{8}": text += "\\b"
        case "\u{C}": text += "\\f"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\0"..<" ":
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
}
