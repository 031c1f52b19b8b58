import WireFormats

/// A value as a client or a file states it, before the parameter's schema has judged it.
public enum ParameterInput: Sendable, Hashable {
    case bool(Bool)
    case number(Double)
    case string(String)
}

extension ParameterInput: Codable {
    public init(from decoder: any Decoder) throws {
        guard let input = ParameterInput(try JSONValue(from: decoder)) else {
            throw DecodingError.typeMismatch(
                ParameterInput.self,
                .init(codingPath: decoder.codingPath, debugDescription: "Expected a number, a boolean or a string.")
            )
        }
        self = input
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        }
    }
}
