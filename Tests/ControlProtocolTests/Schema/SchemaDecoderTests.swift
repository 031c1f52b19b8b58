import ChainModel
import ControlProtocol
import Testing
import WireFormats

@Suite struct SchemaDecoderTests {
    private enum Colour: String, Decodable, CaseIterable {
        case red
        case green = "GREEN"
    }

    private struct Inner: Decodable {
        var level: Double
        var colour: Colour?
    }

    private struct Outer: Decodable {
        var text: String
        var flag: Bool?
        var small: UInt8
        var large: Int64
        var inner: Inner
        var list: [Inner]
        var map: [String: [String: Int]]
        var choice: JSONScalar?
        var count: WholeNumber
    }

    @Test func keysOptionalityAndTypesAreThoseOfTheType() {
        let inner = JSONSchema.object([
            .init("level", .number),
            .init("colour", .enumeration(["red", "GREEN"]), isRequired: false),
        ])
        let expected = JSONSchema.object([
            .init("text", .string),
            .init("flag", .boolean, isRequired: false),
            .init("small", .wholeNumber(minimum: 0, maximum: 255)),
            .init("large", .integer),
            .init("inner", inner),
            .init("list", .array(inner)),
            .init("map", .map(.map(.integer))),
            .init("choice", .oneOf([.number, .boolean, .string]), isRequired: false),
            .init("count", .integer),
        ])
        #expect(JSONSchema(of: Outer.self) == expected)
    }

    @Test func aTypeWithoutKeysIsAnObject() {
        #expect(JSONSchema(of: Ping.self) == .object([]))
    }

    @Test func renderedSchemaNamesWhatIsRequired() {
        let schema = JSONSchema.object([.init("a", .string), .init("b", .array(.integer), isRequired: false)])
        let expected: JSONValue = .members([
            "type": "object",
            "properties": .members([
                "a": .members(["type": "string"]),
                "b": .members(["type": "array", "items": .members(["type": "integer"])]),
            ]),
            "required": ["a"],
        ])
        #expect(schema.json == expected)
    }
}
