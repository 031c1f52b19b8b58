import ChainModel
import WireFormats

/// A JSON number, boolean or string, where the contract leaves the choice to the parameter's schema.
public enum JSONScalar: Hashable, Sendable, Codable {
    case bool(Bool)
    case number(Double)
    case string(String)

    public init(from decoder: any Decoder) throws {
        switch try JSONValue(from: decoder) {
        case .bool(let bool): self = .bool(bool)
        case .integer, .unsigned, .number: self = .number(try decoder.number(Double.self, described: "a number"))
        case .string(let string): self = .string(string)
        case .null, .array, .object:
            throw DecodingError.typeMismatch(
                JSONScalar.self,
                .init(codingPath: decoder.codingPath, debugDescription: "Expected a number, a boolean or a string.")
            )
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let bool): try container.encode(bool)
        case .number(let number): try container.encode(number)
        case .string(let string): try container.encode(string)
        }
    }
}
