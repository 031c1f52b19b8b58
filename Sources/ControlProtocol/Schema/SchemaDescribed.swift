/// A type whose JSON has a form of its own, which running its decoding cannot show.
protocol SchemaDescribed: Decodable {
    static var schema: JSONSchema { get }
    /// Any value, given to the decoding of a type that contains one.
    static var placeholder: Self { get }
}

extension JSONScalar: SchemaDescribed {
    static let schema = JSONSchema.oneOf([.number, .boolean, .string])
    static let placeholder = JSONScalar.bool(false)
}

extension WholeNumber: SchemaDescribed {
    static let schema = JSONSchema.integer
    static let placeholder: WholeNumber = 0
}

extension RequestID: SchemaDescribed {
    static let schema = JSONSchema.oneOf([.string, .integer])
    static let placeholder = RequestID.number(0)
}
