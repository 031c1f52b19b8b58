public import ChainModel
public import WireFormats

extension JSONSchema {
    /// The schema as JSON Schema 2020-12.
    public var json: JSONValue {
        switch self {
        case .any: .object([:])
        case .boolean: .members(["type": "boolean"])
        case .wholeNumber(let minimum, let maximum):
            .members([
                "type": "integer", "minimum": minimum.map(JSONValue.integer), "maximum": maximum.map(JSONValue.integer),
            ])
        case .number: .members(["type": "number"])
        case .string: .members(["type": "string"])
        case .pattern(let pattern): .members(["type": "string", "pattern": .string(pattern)])
        case .binary: .members(["type": "string", "contentMediaType": "application/octet-stream"])
        case .enumeration(let values): .members(["type": "string", "enum": .array(values.map(JSONValue.string))])
        case .array(let element): .members(["type": "array", "items": element.json])
        case .map(let value): .members(["type": "object", "additionalProperties": value.json])
        case .object(let properties): Self.json(of: properties)
        case .oneOf(let choices): .members(["oneOf": .array(choices.map(\.json))])
        }
    }

    private static func json(of properties: [Property]) -> JSONValue {
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .members([
            "type": "object",
            "properties": .object(Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0.schema.json) })),
            "required": required.isEmpty ? nil : .array(required),
        ])
    }
}
