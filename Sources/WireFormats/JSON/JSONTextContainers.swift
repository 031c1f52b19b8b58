/// The members of an object, for `JSONTextEncoder`.
struct JSONTextKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: JSONTextNode
    let encoder: JSONTextEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    private func add(_ text: String, _ key: Key) { node.add(text, forKey: key.stringValue) }

    private func member(_ key: any CodingKey) -> JSONTextEncoder {
        let member = JSONTextNode()
        node.add(member, forKey: key.stringValue)
        return encoder.nested(member, key)
    }

    func encodeNil(forKey key: Key) { add("null", key) }
    func encode(_ value: Bool, forKey key: Key) { add(value ? "true" : "false", key) }
    func encode(_ value: String, forKey key: Key) { node.add(quoting: value, forKey: key.stringValue) }
    func encode(_ value: Double, forKey key: Key) throws { add(try JSONText.number(value, codingPath + [key]), key) }
    func encode(_ value: Float, forKey key: Key) throws { add(try JSONText.number(value, codingPath + [key]), key) }
    func encode(_ value: Int, forKey key: Key) { add(value.description, key) }
    func encode(_ value: Int8, forKey key: Key) { add(value.description, key) }
    func encode(_ value: Int16, forKey key: Key) { add(value.description, key) }
    func encode(_ value: Int32, forKey key: Key) { add(value.description, key) }
    func encode(_ value: Int64, forKey key: Key) { add(value.description, key) }
    func encode(_ value: UInt, forKey key: Key) { add(value.description, key) }
    func encode(_ value: UInt8, forKey key: Key) { add(value.description, key) }
    func encode(_ value: UInt16, forKey key: Key) { add(value.description, key) }
    func encode(_ value: UInt32, forKey key: Key) { add(value.description, key) }
    func encode(_ value: UInt64, forKey key: Key) { add(value.description, key) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try value.encode(to: member(key)) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { member(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { member(JSONValue.MemberKey(stringValue: "super")) }
    func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

/// The elements of an array, for `JSONTextEncoder`.
struct JSONTextUnkeyedContainer: UnkeyedEncodingContainer {
    let node: JSONTextNode
    let encoder: JSONTextEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { node.count }

    private var place: JSONUnkeyedContainer.Index { JSONUnkeyedContainer.Index(count) }

    private func add(_ text: String) { node.add(text) }

    private func element() -> JSONTextEncoder {
        let place = place
        let element = JSONTextNode()
        node.add(element)
        return encoder.nested(element, place)
    }

    func encodeNil() { add("null") }
    func encode(_ value: Bool) { add(value ? "true" : "false") }
    func encode(_ value: String) { node.add(quoting: value) }
    func encode(_ value: Double) throws { add(try JSONText.number(value, codingPath + [place])) }
    func encode(_ value: Float) throws { add(try JSONText.number(value, codingPath + [place])) }
    func encode(_ value: Int) { add(value.description) }
    func encode(_ value: Int8) { add(value.description) }
    func encode(_ value: Int16) { add(value.description) }
    func encode(_ value: Int32) { add(value.description) }
    func encode(_ value: Int64) { add(value.description) }
    func encode(_ value: UInt) { add(value.description) }
    func encode(_ value: UInt8) { add(value.description) }
    func encode(_ value: UInt16) { add(value.description) }
    func encode(_ value: UInt32) { add(value.description) }
    func encode(_ value: UInt64) { add(value.description) }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: element()) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        element().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { element().unkeyedContainer() }
    func superEncoder() -> any Encoder { element() }
}

/// A value that is neither object nor array, for `JSONTextEncoder`.
struct JSONTextSingleContainer: SingleValueEncodingContainer {
    let node: JSONTextNode
    let encoder: JSONTextEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() { node.set("null") }
    func encode(_ value: Bool) { node.set(value ? "true" : "false") }
    func encode(_ value: String) { node.set(quoting: value) }
    func encode(_ value: Double) throws { node.set(try JSONText.number(value, codingPath)) }
    func encode(_ value: Float) throws { node.set(try JSONText.number(value, codingPath)) }
    func encode(_ value: Int) { node.set(value.description) }
    func encode(_ value: Int8) { node.set(value.description) }
    func encode(_ value: Int16) { node.set(value.description) }
    func encode(_ value: Int32) { node.set(value.description) }
    func encode(_ value: Int64) { node.set(value.description) }
    func encode(_ value: UInt) { node.set(value.description) }
    func encode(_ value: UInt8) { node.set(value.description) }
    func encode(_ value: UInt16) { node.set(value.description) }
    func encode(_ value: UInt32) { node.set(value.description) }
    func encode(_ value: UInt64) { node.set(value.description) }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: encoder) }
}
