/// Decodes types from JSON values that are read already, under the rules of Foundation's decoder.
///
/// For text from outside: `JSONParser` limits what is read, then types decode from its values, and a `JSONValue` inside
/// them is taken as it is.
public struct JSONValueDecoder: Decoder {
    let value: JSONValue
    /// The path is put together when somebody asks for it: an array for each value would take longer than the decoding.
    private let parents: [any CodingKey]
    private let key: (any CodingKey)?
    public var codingPath: [any CodingKey] { key.map { parents + [$0] } ?? parents }
    /// Always empty: what types need beside the value is passed as a decoding configuration.
    public var userInfo: [CodingUserInfoKey: Any] { [:] }

    public init(_ value: JSONValue) {
        self.init(value, parents: [], key: nil)
    }

    private init(_ value: JSONValue, parents: [any CodingKey], key: (any CodingKey)?) {
        self.value = value
        self.parents = parents
        self.key = key
    }

    /// Decodes a value.
    ///
    /// - Throws: `DecodingError`, or what the type's own decoding throws.
    public static func decode<Value: Decodable>(_ type: Value.Type, from value: JSONValue) throws -> Value {
        try Value(from: JSONValueDecoder(value))
    }

    public func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch([String: JSONValue].self, "an object") }
        return KeyedDecodingContainer(JSONKeyedContainer<Key>(members: members, decoder: self))
    }

    public func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch([JSONValue].self, "an array") }
        return JSONUnkeyedContainer(elements: elements, decoder: self)
    }

    public func singleValueContainer() -> any SingleValueDecodingContainer { self }

    /// The decoder of a member or element.
    func nested(_ value: JSONValue, _ key: any CodingKey) -> JSONValueDecoder {
        JSONValueDecoder(value, parents: codingPath, key: key)
    }

    private func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath,
            debugDescription: "Expected \(expected) but found \(value.kind) instead."
        )
        return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    public func decodeNil() -> Bool { value == .null }

    public func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let flag) = value else { throw mismatch(type, "a boolean") }
        return flag
    }

    public func decode(_ type: String.Type) throws -> String {
        guard case .string(let text) = value else { throw mismatch(type, "a string") }
        return text
    }

    public func decode(_ type: Double.Type) throws -> Double {
        switch value {
        case .integer(let number): return Double(number)
        case .unsigned(let number): return Double(number)
        case .number(let number): return number
        case .null, .bool, .string, .array, .object: throw mismatch(type, "a number")
        }
    }

    public func decode(_ type: Float.Type) throws -> Float {
        let number = try decode(Double.self)
        guard Float(number).isFinite else { throw doesNotFit(type) }
        return Float(number)
    }

    public func decode(_ type: Int.Type) throws -> Int { try integer() }
    public func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    public func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    public func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    public func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    public func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    public func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    public func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    public func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    public func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: self)
    }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        let result: Value?
        switch value {
        case .integer(let number): result = Value(exactly: number)
        case .unsigned(let number): result = Value(exactly: number)
        case .number(let number): result = Value(exactly: number)
        case .null, .bool, .string, .array, .object: throw mismatch(Value.self, "a number")
        }
        guard let result else { throw doesNotFit(Value.self) }
        return result
    }

    private func doesNotFit(_ type: any Any.Type) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "The number does not fit in \(type)."))
    }
}
