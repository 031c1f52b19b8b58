/// The id of a module instance in a flattened chain: `gain#1`, or `group#1.delay#2` inside a sub-graph.
///
/// Each segment is `[A-Za-z][A-Za-z0-9_]*#[0-9]+` of at most 64 bytes, because it may become a file name; the whole is
/// at most 255 bytes, because a link frame counts it in one.
public struct InstanceID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// Most bytes of one segment.
    public static let maximumSegmentLength = 64
    /// Most bytes of the whole id.
    public static let maximumLength = 255

    public let rawValue: String

    /// Nil unless `rawValue` has the form of an id.
    public init?(rawValue: String) {
        guard
            rawValue.utf8.count <= Self.maximumLength,
            rawValue.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                .allSatisfy({ Self.isSegment($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = InstanceID(rawValue: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not an instance id such as gain#1 or group#1.delay#2."
            )
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// The segments, outermost sub-graph first.
    public var segments: [Substring] { rawValue.split(separator: ".") }

    public var description: String { rawValue }

    public static func < (left: InstanceID, right: InstanceID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Whether `text` may stand as the id of a node inside one chain.
    static func isSegment(_ text: some Collection<UInt8>) -> Bool {
        guard text.count <= maximumSegmentLength, let hash = text.firstIndex(of: UInt8(ascii: "#")) else {
            return false
        }
        let digits = text[text.index(after: hash)...]
        return ASCIIText.isIdentifier(text[..<hash]) && !digits.isEmpty && digits.allSatisfy(ASCIIText.isDigit)
    }
}
