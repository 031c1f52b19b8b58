/// Writes JSON text of values, in one pass and without the containers of `Encodable`.
///
/// Keys of objects are sorted, so equal values are equal texts.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    /// Text that is JSON already.
    public mutating func write(_ text: String) {
        bytes += text.utf8
    }

    public mutating func write(quoting string: String) {
        JSONText.write(string, to: &bytes)
    }

    /// - Parameter maximumDepth: Levels of nesting that are left.
    /// - Throws: `malformed` for a number that is not finite, `tooDeep`.
    public mutating func write(_ value: JSONValue, maximumDepth: Int = JSONParser.defaultMaximumDepth) throws(JSONFault)
    {
        switch value {
        case .null: write("null")
        case .bool(let flag): write(flag ? "true" : "false")
        case .integer(let number): write(number.description)
        case .unsigned(let number): write(number.description)
        case .number(let number):
            guard number.isFinite else {
                throw JSONFault(.malformed, offset: bytes.count, "JSON has no number \(number)")
            }
            write(JSONText.digits(number))
        case .string(let text): write(quoting: text)
        case .array(let elements):
            try checkDepth(maximumDepth)
            bytes.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                try write(element, maximumDepth: maximumDepth - 1)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            try checkDepth(maximumDepth)
            bytes.append(UInt8(ascii: "{"))
            var isFirst = true
            if members.count == 1, let only = members.first {
                try write(only, maximumDepth)
            } else {
                for member in members.sorted(by: { $0.key < $1.key }) {
                    if !isFirst { bytes.append(UInt8(ascii: ",")) }
                    isFirst = false
                    try write(member, maximumDepth)
                }
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func write(_ member: (key: String, value: JSONValue), _ depth: Int) throws(JSONFault) {
        write(quoting: member.key)
        bytes.append(UInt8(ascii: ":"))
        try write(member.value, maximumDepth: depth - 1)
    }

    private func checkDepth(_ left: Int) throws(JSONFault) {
        guard left > 0 else { throw JSONFault(.tooDeep, offset: bytes.count, "The JSON nests too deep") }
    }
}
