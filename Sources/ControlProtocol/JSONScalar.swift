/// A JSON number, boolean or string, where the contract leaves the choice to the parameter's schema.
public enum JSONScalar: Hashable, Sendable, Codable {
    case bool(Bool)
    case number(Double)
    case string(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let bool = try Self.ifMatching({ try container.decode(Bool.self) }) {
            self = .bool(bool)
        } else if let number = try Self.ifMatching({ try decoder.number(Double.self, described: "a number") }) {
            self = .number(number)
        } else if let string = try Self.ifMatching({ try container.decode(String.self) }) {
            self = .string(string)
        } else {
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

    /// Runs one decoding attempt; another type at this place is nil, a malformed value of the right type is an error.
    private static func ifMatching<Value>(_ decode: () throws -> Value) throws -> Value? {
        do {
            return try decode()
        } catch DecodingError.typeMismatch {
            return nil
        } catch DecodingError.valueNotFound {
            return nil
        }
    }
}
