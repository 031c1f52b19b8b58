/// The members of an object, for ``SchemaDecoder``.
struct SchemaKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let record: SchemaDecoder.Record

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }

    /// Asked only before a value that may be absent.
    func decodeNil(forKey key: Key) -> Bool {
        record.note(.init(key.stringValue, .any, isRequired: false))
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (schema, value) = try SchemaDecoder.describe(type)
        record.note(.init(key.stringValue, schema))
        return value
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw SchemaFault("The object \(key.stringValue) must be a type of its own.")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaFault("The list \(key.stringValue) must be a type of its own.")
    }

    func superDecoder() throws -> any Decoder { throw SchemaFault("A message inherits from nothing.") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
}

/// A value that is no object, for ``SchemaDecoder``.
struct SchemaSingleContainer: SingleValueDecodingContainer {
    let record: SchemaDecoder.Record

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode(_ type: Bool.Type) -> Bool { note(.boolean, false) }
    func decode(_ type: String.Type) -> String { note(.string, "") }
    func decode(_ type: Double.Type) -> Double { note(.number, 0) }
    func decode(_ type: Float.Type) -> Float { note(.number, 0) }
    func decode(_ type: Int.Type) -> Int { note(.integer, 0) }
    func decode(_ type: Int8.Type) -> Int8 { integer() }
    func decode(_ type: Int16.Type) -> Int16 { integer() }
    func decode(_ type: Int32.Type) -> Int32 { integer() }
    func decode(_ type: Int64.Type) -> Int64 { note(.integer, 0) }
    func decode(_ type: UInt.Type) -> UInt { note(.wholeNumber(minimum: 0, maximum: nil), 0) }
    func decode(_ type: UInt8.Type) -> UInt8 { integer() }
    func decode(_ type: UInt16.Type) -> UInt16 { integer() }
    func decode(_ type: UInt32.Type) -> UInt32 { integer() }
    func decode(_ type: UInt64.Type) -> UInt64 { note(.wholeNumber(minimum: 0, maximum: nil), 0) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try SchemaDecoder.describe(type)
        return note(schema, value)
    }

    private func integer<Value: FixedWidthInteger>() -> Value {
        note(.wholeNumber(minimum: Int64(Value.min), maximum: Int64(Value.max)), 0)
    }

    private func note<Value>(_ schema: JSONSchema, _ value: Value) -> Value {
        record.schema = schema
        return value
    }
}
