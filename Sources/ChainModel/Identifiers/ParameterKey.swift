/// A parameter of a module with its indices: `ceilingDb`, `gainDb#0`, `freq#0#3`.
public struct ParameterKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var name: String
    /// Up to two, each 0…65535; the schema says how many and how large.
    public var indices: [Int]

    public init(name: String, indices: [Int] = []) {
        self.name = name
        self.indices = indices
    }

    /// Reads the canonical form `name#d0#d1` or the bracketed form `name[d0][d1]`.
    ///
    /// - Throws: A fault with code `bad_key`.
    public init(parsing text: String) throws(ParameterFault) {
        let bytes = Array(text.utf8)
        let nameEnd = bytes.firstIndex { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "[") } ?? bytes.count
        let rest = bytes[nameEnd...]
        let parsed =
            bytes.count > 255 || !ASCIIText.isIdentifier(bytes[..<nameEnd])
            ? nil : rest.first == UInt8(ascii: "[") ? Self.bracketed(rest) : Self.hashed(rest)
        guard let parsed else {
            throw ParameterFault(
                .badKey,
                parameter: String(text.prefix(80)),
                "is not a parameter key; keys look like name, name#0, name#0#1, name[0] or name[0][1]."
            )
        }
        name = String(decoding: bytes[..<nameEnd], as: UTF8.self)
        indices = parsed
    }

    /// The canonical form.
    public var description: String {
        indices.reduce(name) { "\($0)#\($1)" }
    }

    public static func < (left: ParameterKey, right: ParameterKey) -> Bool {
        left.name == right.name
            ? left.indices.lexicographicallyPrecedes(right.indices) : left.name < right.name
    }

    private static func hashed(_ text: ArraySlice<UInt8>) -> [Int]? {
        guard !text.isEmpty else { return [] }
        return indices(text.dropFirst().split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false))
    }

    private static func bracketed(_ text: ArraySlice<UInt8>) -> [Int]? {
        guard text.last == UInt8(ascii: "]") else { return nil }
        let inner = text.dropFirst().dropLast()
        var parts: [ArraySlice<UInt8>] = []
        var start = inner.startIndex
        while let close = inner[start...].firstIndex(of: UInt8(ascii: "]")) {
            guard close + 1 < inner.endIndex, inner[close + 1] == UInt8(ascii: "[") else { return nil }
            parts.append(inner[start..<close])
            start = close + 2
        }
        parts.append(inner[start...])
        return indices(parts)
    }

    private static func indices(_ parts: [ArraySlice<UInt8>]) -> [Int]? {
        guard parts.count <= 2 else { return nil }
        var result: [Int] = []
        for part in parts {
            guard (1...5).contains(part.count), part.allSatisfy(ASCIIText.isDigit) else { return nil }
            let value = part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            guard value <= 0xFFFF else { return nil }
            result.append(value)
        }
        return result
    }
}

extension ParameterKey: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        try self.init(parsing: text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
