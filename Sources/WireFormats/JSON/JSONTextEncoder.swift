/// Encodes types as JSON text on one line, with sorted keys and without escaped slashes, so equal values are equal
/// texts.
///
/// The text is that of Foundation's encoder. A node sends small messages by the thousand, and encoding them took a
/// tenth of its time. Types that Foundation treats apart (`Data`, `Date`, `URL`) encode in their own way here.
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
        var text: [UInt8] = []
        text.reserveCapacity(256)
        node.write(to: &text)
        return String(decoding: text, as: UTF8.self)
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
    private enum Kind {
        case scalar
        case object
        case array
    }

    /// A member of an object or an element of an array.
    private struct Part {
        /// Empty in an array.
        let key: String
        /// Where its finished JSON stands; nothing there if it is a node.
        let text: Range<Int>
        let node: JSONTextNode?
    }

    /// What encodes nothing becomes an empty object.
    private var kind = Kind.object
    private var parts: [Part] = []
    /// The JSON of the parts that are no nodes, one after another, or of the scalar.
    private var finished: [UInt8] = []

    /// Elements of an array, or members of an object.
    var count: Int { kind == .scalar ? 1 : parts.count }

    func set(_ text: String) {
        begin(.scalar)
        finished += text.utf8
    }

    func set(quoting string: String) {
        begin(.scalar)
        JSONText.write(string, to: &finished)
    }

    /// Members that are there stay: a type may ask for its container again.
    func beginObject() {
        if kind != .object { begin(.object) }
    }

    func beginArray() {
        if kind != .array { begin(.array) }
    }

    /// The last member of a name counts.
    func add(_ text: String, forKey key: String = "") {
        let start = finished.count
        finished += text.utf8
        parts.append(Part(key: key, text: start..<finished.count, node: nil))
    }

    func add(quoting string: String, forKey key: String = "") {
        let start = finished.count
        JSONText.write(string, to: &finished)
        parts.append(Part(key: key, text: start..<finished.count, node: nil))
    }

    func add(_ node: JSONTextNode, forKey key: String = "") {
        parts.append(Part(key: key, text: finished.count..<finished.count, node: node))
    }

    func write(to text: inout [UInt8]) {
        switch kind {
        case .scalar:
            text += finished
        case .object:
            // Sorting is stable, so of members with one name the last stands last.
            let members = parts.sorted { $0.key < $1.key }
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index + 1 < members.count, members[index + 1].key == member.key { continue }
                JSONText.write(member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                write(member, to: &text)
                if index + 1 < members.count { text.append(UInt8(ascii: ",")) }
            }
            text.append(UInt8(ascii: "}"))
        case .array:
            text.append(UInt8(ascii: "["))
            for (index, element) in parts.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                write(element, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        }
    }

    private func write(_ part: Part, to text: inout [UInt8]) {
        if let node = part.node {
            node.write(to: &text)
        } else {
            text += finished[part.text]
        }
    }

    private func begin(_ kind: Kind) {
        self.kind = kind
        parts = []
        finished = []
    }
}

/// The spelling of single values.
enum JSONText {
    static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        // The C string has a byte 0 behind the last one.
        string.withCString { start in
            let bytes = UnsafeBufferPointer(
                start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: string.utf8.count + 1)
            var at = 0
            while true {
                let plain = plainCount(bytes, from: at)
                text += bytes[at..<at + plain]
                at += plain
                guard at < bytes.count - 1 else { break }
                escape(bytes[at], to: &text)
                at += 1
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): text += #"\""#.utf8
        case UInt8(ascii: "\\"): text += #"\\"#.utf8
        case 0x08: text += #"\b"#.utf8
        case 0x09: text += #"\t"#.utf8
        case 0x0A: text += #"\n"#.utf8
        case 0x0C: text += #"\f"#.utf8
        case 0x0D: text += #"\r"#.utf8
        default:
            text += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
            text += String(byte, radix: 16).utf8
        }
    }

    /// How many bytes from `start` on are neither a quotation mark, a backslash nor below 0x20. The last byte of
    /// `bytes` has to be 0, where that stops.
    static func plainCount(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var at = start
        // Names are short, and a loop over bytes is the quickest; long texts go by 32 bytes, several times as fast as
        // strcspn.
        let short = min(start + 16, bytes.count)
        while at < short {
            guard !isSpecial(bytes[at]) else { return at - start }
            at += 1
        }
        while at + 32 <= raw.count {
            var special: UInt64 = 0
            for part in 0..<4 {
                special |= specials(in: raw.loadUnaligned(fromByteOffset: at &+ 8 &* part, as: UInt64.self))
            }
            guard special == 0 else { break }
            at += 32
        }
        while !isSpecial(bytes[at]) { at += 1 }
        return at - start
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Not 0 if one of eight bytes is special: subtracting borrows into the top bit of a byte that is smaller and had
    /// none itself; what another byte's borrow reaches lies above one that is special.
    private static func specials(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotation = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let controls = (word &- 0x2020_2020_2020_2020) & ~word
        let others = (quotation &- ones) & ~quotation | (backslash &- ones) & ~backslash
        return (controls | others) & 0x8080_8080_8080_8080
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
        return digits(value)
    }

    /// Of a finite number.
    static func digits(_ value: some CustomStringConvertible) -> String {
        let digits = value.description
        return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    }
}
