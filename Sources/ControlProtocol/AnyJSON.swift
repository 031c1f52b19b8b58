public import WireFormats

/// JSON of any form, which the node hands on without looking into it.
public struct AnyJSON: Hashable, Sendable, Codable {
    public var value: JSONValue

    public init(_ value: JSONValue) {
        self.value = value
    }

    public init(from decoder: any Decoder) throws {
        value = try JSONValue(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
    }
}

extension AnyJSON: SchemaDescribed {
    static let schema = JSONSchema.any
    static let placeholder = AnyJSON(.null)
}
