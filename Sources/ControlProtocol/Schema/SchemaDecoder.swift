/// Writes down what a type's own decoding asks for, and answers with made-up values.
///
/// So the schema of a message is what its decoding really reads: key names, which of them may be absent, and their
/// types. A type with a form of its own is ``SchemaDescribed``; an enumeration of strings gives its cases.
struct SchemaDecoder: Decoder {
    /// What has been asked so far.
    final class Record {
        var schema = JSONSchema.any

        func note(_ property: JSONSchema.Property) {
            var properties = schema.properties
            if let index = properties.firstIndex(where: { $0.name == property.name }) {
                properties[index].schema = property.schema
            } else {
                properties.append(property)
            }
            schema = .object(properties)
        }
    }

    let record: Record
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// The schema of a type, and a value of it.
    ///
    /// - Throws: what the type's decoding throws at made-up values; such a type must be ``SchemaDescribed``.
    static func describe<Value: Decodable>(_ type: Value.Type) throws -> (schema: JSONSchema, value: Value) {
        if let described = type as? any SchemaDescribed.Type, let value = described.placeholder as? Value {
            return (described.schema, value)
        }
        if let collection = type as? any SchemaContainer.Type, let value = collection.empty as? Value {
            return (try collection.containerSchema(), value)
        }
        if let choice = type as? any CaseIterable.Type, let (names, first) = choices(of: choice),
            let value = first as? Value
        {
            return (.enumeration(names), value)
        }
        let record = Record()
        let value = try Value(from: SchemaDecoder(record: record))
        if case .any = record.schema {
            // It asked for nothing: an object without keys of its own.
            return (.object([]), value)
        }
        return (record.schema, value)
    }

    private static func choices<Choice: CaseIterable>(of type: Choice.Type) -> (names: [String], first: Choice)? {
        let names = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        guard let first = type.allCases.first, names.count == type.allCases.count else { return nil }
        return (names, first)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        if case .any = record.schema { record.schema = .object([]) }
        return KeyedDecodingContainer(SchemaKeyedContainer<Key>(record: record))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw SchemaFault("A list with a form of its own must be described.")
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { SchemaSingleContainer(record: record) }
}

/// Why a type has no derived schema.
struct SchemaFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A type of the standard library that holds others.
private protocol SchemaContainer {
    static var empty: Self { get }
    static func containerSchema() throws -> JSONSchema
}

extension Array: SchemaContainer where Element: Decodable {
    fileprivate static var empty: Self { [] }
    fileprivate static func containerSchema() throws -> JSONSchema {
        .array(try SchemaDecoder.describe(Element.self).schema)
    }
}

extension Dictionary: SchemaContainer where Key == String, Value: Decodable {
    fileprivate static var empty: Self { [:] }
    fileprivate static func containerSchema() throws -> JSONSchema {
        .map(try SchemaDecoder.describe(Value.self).schema)
    }
}
