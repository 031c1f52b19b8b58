/// Reads JSON text from outside (RFC 8259) into values, in time proportional to its length.
///
/// Foundation's decoder recurses with the nesting, which overflows the small stacks of concurrency threads, and needs
/// tens of microseconds for each value whose type is not known beforehand. This one limits depth and size, refuses keys
/// that occur twice, and keeps integers of 64 bits exactly.
public struct JSONParser {
    public static let defaultMaximumBytes = 4 << 20
    public static let defaultMaximumDepth = 32

    /// Reads a whole text.
    ///
    /// - Parameters:
    ///   - maximumBytes: Longer texts are refused unread.
    ///   - maximumDepth: Nesting of arrays and objects; the outermost is level 1.
    public static func parse(
        _ text: some Sequence<UInt8>,
        maximumBytes: Int = JSONParser.defaultMaximumBytes,
        maximumDepth: Int = JSONParser.defaultMaximumDepth
    ) throws(JSONFault) -> JSONValue {
        try parse(text, maximumBytes, maximumDepth) { parser throws(JSONFault) in try parser.value(depth: 1) }
    }

    /// Reads a whole text that has to be an object, and gives its members in their order: for messages, which have few
    /// and are looked at once.
    ///
    /// - Returns: Nil when the text is JSON of another kind.
    public static func members(
        of text: some Sequence<UInt8>,
        maximumBytes: Int = JSONParser.defaultMaximumBytes,
        maximumDepth: Int = JSONParser.defaultMaximumDepth
    ) throws(JSONFault) -> [(key: String, value: JSONValue)]? {
        try parse(text, maximumBytes, maximumDepth) { parser throws(JSONFault) in
            parser.skipSpace()
            guard parser.next == UInt8(ascii: "{") else {
                _ = try parser.value(depth: 1)
                return nil
            }
            return try parser.members(depth: 1)
        }
    }

    private static func parse<Value>(
        _ text: some Sequence<UInt8>, _ maximumBytes: Int, _ maximumDepth: Int,
        _ read: (inout JSONParser) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        // A copy, because what others can change is not to be looked at twice. The byte 0 ends what
        // `JSONText.plainCount` looks at.
        let bytes = copy(text)
        let count = bytes.count - 1
        guard count <= maximumBytes else {
            throw JSONFault(
                .tooLarge,
                offset: maximumBytes,
                "The JSON has \(count) bytes where at most \(maximumBytes) are read"
            )
        }
        return try bytes.withUnsafeBufferPointer { bytes throws(JSONFault) in
            var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
            let value = try read(&parser)
            parser.skipSpace()
            guard parser.at == count else { throw parser.malformed("Something follows the JSON") }
            return value
        }
    }

    /// The text and a byte 0, copied once where the text lies in one piece.
    private static func copy(_ text: some Sequence<UInt8>) -> [UInt8] {
        let whole = text.withContiguousStorageIfAvailable { text in
            [UInt8](unsafeUninitializedCapacity: text.count + 1) { room, count in
                count = room.update(fromContentsOf: text)
                room[count] = 0
                count += 1
            }
        }
        return whole ?? Array(text) + [0]
    }

    /// With a byte 0 behind the last one.
    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private let maximumDepth: Int
    private var at = 0

    private init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        end = bytes.count - 1
        self.maximumDepth = maximumDepth
    }

    private var next: UInt8? { at < end ? bytes[at] : nil }

    private func malformed(_ message: String) -> JSONFault {
        JSONFault(.malformed, offset: at, at < end ? message : "The JSON ends too early")
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func take(_ byte: UInt8, _ message: String) throws(JSONFault) {
        guard next == byte else { throw malformed(message) }
        at += 1
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
        default: throw malformed("A value is needed")
        }
    }

    private func checkDepth(_ depth: Int) throws(JSONFault) {
        guard depth <= maximumDepth else {
            throw JSONFault(.tooDeep, offset: at, "The JSON nests deeper than \(maximumDepth) levels")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        try eachMember(depth) { key, value in members.updateValue(value, forKey: key) == nil }
        return members
    }

    private mutating func members(depth: Int) throws(JSONFault) -> [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = []
        // Comparing each key with all is quick for a few only.
        var keys: Set<String> = []
        try eachMember(depth) { key, value in
            defer { members.append((key, value)) }
            guard members.count >= 8 else { return !members.contains { $0.key == key } }
            if keys.isEmpty { keys = Set(members.map(\.key)) }
            return keys.insert(key).inserted
        }
        return members
    }

    /// - Parameter add: False when the key was there before.
    private mutating func eachMember(_ depth: Int, _ add: (String, JSONValue) -> Bool) throws(JSONFault) {
        try checkDepth(depth)
        at += 1
        skipSpace()
        if next == UInt8(ascii: "}") {
            at += 1
            return
        }
        while true {
            skipSpace()
            let start = at
            let key = try string()
            skipSpace()
            try take(UInt8(ascii: ":"), "A colon is needed after a key")
            let member = try value(depth: depth + 1)
            guard add(key, member) else {
                throw JSONFault(.malformed, offset: start, "The key '\(key.prefix(80))' occurs twice in one object")
            }
            skipSpace()
            if next == UInt8(ascii: ",") {
                at += 1
                continue
            }
            try take(UInt8(ascii: "}"), "A comma or } is needed")
            return
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) -> [JSONValue] {
        try checkDepth(depth)
        at += 1
        var elements: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            at += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: ",") {
                at += 1
                continue
            }
            try take(UInt8(ascii: "]"), "A comma or ] is needed")
            return elements
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            try take(word.utf8Start[offset], "A value is needed")
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private mutating func digits() throws(JSONFault) {
        guard let byte = next, Self.isDigit(byte) else { throw malformed("A digit is needed") }
        while let byte = next, Self.isDigit(byte) { at += 1 }
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = at
        var isWhole = true
        if next == UInt8(ascii: "-") { at += 1 }
        if next == UInt8(ascii: "0") { at += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            isWhole = false
            at += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        // −0 is a double: an integer would lose its sign.
        if isWhole, text != "-0" {
            if let value = Int64(text) { return .integer(value) }
            if let value = UInt64(text) { return .unsigned(value) }
        }
        guard let value = Double(text), value.isFinite else {
            throw JSONFault(.malformed, offset: start, "The number \(text.prefix(40)) is larger than a double")
        }
        return .number(value)
    }

    private mutating func string() throws(JSONFault) -> String {
        try take(UInt8(ascii: "\""), "A string is needed")
        let start = at
        at += JSONText.plainCount(bytes, from: at)
        if next == UInt8(ascii: "\"") {
            defer { at += 1 }
            return try text(bytes[start..<at], at: start)
        }
        var content = Array(bytes[start..<at])
        while next != UInt8(ascii: "\"") {
            guard let byte = next else { throw malformed("") }
            guard byte == UInt8(ascii: "\\") else { throw malformed("A string has the control byte \(byte)") }
            at += 1
            content += try escaped().utf8
            let plain = JSONText.plainCount(bytes, from: at)
            content += bytes[at..<at + plain]
            at += plain
        }
        at += 1
        return try text(content, at: start)
    }

    private func text(_ bytes: some Sequence<UInt8>, at start: Int) throws(JSONFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JSONFault(.malformed, offset: start, "A string is not UTF-8")
        }
        return text
    }

    private mutating func escaped() throws(JSONFault) -> String {
        guard let byte = next else { throw malformed("") }
        let simple: String? =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): String(Unicode.Scalar(byte))
            case UInt8(ascii: "b"): "\u{8}"
            case UInt8(ascii: "f"): "\u{C}"
            case UInt8(ascii: "n"): "\n"
            case UInt8(ascii: "r"): "\r"
            case UInt8(ascii: "t"): "\t"
            default: nil
            }
        if let simple {
            at += 1
            return simple
        }
        guard byte == UInt8(ascii: "u") else { throw malformed("\\ is followed by something that is no escape") }
        at += 1
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            try take(UInt8(ascii: "\\"), "Half of a surrogate pair stands alone")
            try take(UInt8(ascii: "u"), "Half of a surrogate pair stands alone")
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw malformed("Half of a surrogate pair stands alone")
        }
        return text
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw malformed("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }
}
