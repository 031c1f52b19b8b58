/// What a JSON value looks like: the part of JSON Schema 2020-12 that the messages need.
///
/// Objects take keys that their schema does not name: new fields are always optional, and readers skip what they do not
/// know.
public indirect enum JSONSchema: Sendable, Hashable {
    /// One key of an object.
    public struct Property: Sendable, Hashable {
        public var name: String
        public var schema: JSONSchema
        public var isRequired: Bool

        public init(_ name: String, _ schema: JSONSchema, isRequired: Bool = true) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    case any
    case boolean
    /// Within bounds where there are some.
    case wholeNumber(minimum: Int64?, maximum: Int64?)
    case number
    case string
    /// A string that matches a regular expression (ECMA 262) as a whole or in part.
    case pattern(String)
    /// Bytes that are no JSON.
    case binary
    /// One of these strings.
    case enumeration([String])
    case array(JSONSchema)
    /// An object with any keys.
    case map(JSONSchema)
    /// An object with these keys, in the order in which they are declared.
    case object([Property])
    case oneOf([JSONSchema])

    /// Any whole number of 64 bits.
    public static let integer = JSONSchema.wholeNumber(minimum: nil, maximum: nil)

    /// The properties of an object; of anything else, none.
    public var properties: [Property] {
        if case .object(let properties) = self { properties } else { [] }
    }

    /// The same object with other properties before its own; what it declares itself wins.
    public func adding(_ more: [Property]) -> JSONSchema {
        let own = properties
        return .object(more.filter { property in !own.contains { $0.name == property.name } } + own)
    }
}

extension JSONSchema {
    /// The schema that a type's own decoding shows.
    ///
    /// - Precondition: the type can be described; those of the interface are tested to be.
    public init(of type: (some Decodable).Type) {
        do {
            self = try SchemaDecoder.describe(type).schema
        } catch {
            preconditionFailure("\(type) has no schema: \(error)")
        }
    }
}
