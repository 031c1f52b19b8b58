/// A whole JSON number. Unlike `Int` itself, a number that is none says in which field it stood.
public struct WholeNumber: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
    public var value: Int

    public init(_ value: Int) {
        self.value = value
    }

    public init(integerLiteral value: Int) {
        self.value = value
    }

    public init(from decoder: any Decoder) throws {
        value = try decoder.number(Int.self, described: "a whole number")
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

extension Decoder {
    /// Decodes a number. Foundation reports a number that does not fit its type without its place; this adds it.
    func number<Number: Decodable>(_ type: Number.Type, described: String) throws -> Number {
        do {
            return try singleValueContainer().decode(type)
        } catch let error as DecodingError where !error.isAboutTheNumberItself {
            throw error
        } catch {
            let context = DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "The field must be \(described) in range."
            )
            throw DecodingError.dataCorrupted(context)
        }
    }
}

extension DecodingError {
    fileprivate var isAboutTheNumberItself: Bool {
        if case .dataCorrupted = self { true } else { false }
    }
}
