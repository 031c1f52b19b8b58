extension JSONValue: Codable {
    struct MemberKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Takes the value as it is from a `JSONValueDecoder`. Other decoders are asked for one type after the other, the
    /// frequent ones first; a wrong guess costs Foundation's decoder tens of microseconds.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self = decoder.value
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let text = try attempt({ try single.decode(String.self) }) {
            self = .string(text)
        } else if let number = try Self.number(single) {
            self = number
        } else if let container = try attempt({ try decoder.container(keyedBy: MemberKey.self) }) {
            var members: [String: JSONValue] = [:]
            for key in container.allKeys {
                members[key.stringValue] = try container.decode(JSONValue.self, forKey: key)
            }
            self = .object(members)
        } else if let flag = try attempt({ try single.decode(Bool.self) }) {
            self = .bool(flag)
        } else {
            var container = try decoder.unkeyedContainer()
            var elements: [JSONValue] = []
            while !container.isAtEnd { elements.append(try container.decode(JSONValue.self)) }
            self = .array(elements)
        }
    }

    /// Nil when the value is no number.
    ///
    /// A number that is no integer of 64 bits is an error of the decoder's own kind, and another one in each decoder;
    /// what is wrong with the number itself comes out when it is read as a double.
    private static func number(_ container: any SingleValueDecodingContainer) throws -> JSONValue? {
        do {
            return .integer(try container.decode(Int64.self))
        } catch DecodingError.typeMismatch {
            return nil
        } catch {
            do {
                return .unsigned(try container.decode(UInt64.self))
            } catch {
                return .number(try container.decode(Double.self))
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: MemberKey.self)
            for (name, value) in members { try container.encode(value, forKey: MemberKey(stringValue: name)) }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .bool(let value): try container.encode(value)
            case .integer(let value): try container.encode(value)
            case .unsigned(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .string(let value): try container.encode(value)
            case .null, .array, .object: try container.encodeNil()
            }
        }
    }
}

/// Runs one decoding attempt: nil when the value is of another type, an error when it is malformed.
private func attempt<Value>(_ decode: () throws -> Value) throws -> Value? {
    do {
        return try decode()
    } catch DecodingError.typeMismatch {
        return nil
    }
}
