/// A client's own mark on a request, given back unchanged in the answer: a string or a whole number.
public enum RequestID: Hashable, Sendable, Codable {
    case string(String)
    case number(Int64)

    public init(from decoder: any Decoder) throws {
        do {
            self = .number(try decoder.number(Int64.self, described: "a whole number"))
        } catch DecodingError.typeMismatch {
            self = .string(try decoder.singleValueContainer().decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let string): try container.encode(string)
        case .number(let number): try container.encode(number)
        }
    }
}
