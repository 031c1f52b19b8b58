import WireFormats

/// Takes the members of one JSON object by name and collects every fault of shape with its path.
///
/// What is not taken is left over as the unknown keys. A known optional key whose value is null counts as not stated
/// and is left over too, so that writing gives it back.
struct ObjectReader {
    private(set) var remaining: [String: JSONValue]
    let path: String

    /// Nil, with a fault, when `value` is no object.
    init?(_ value: JSONValue, path: String, faults: inout [ChainFault]) {
        guard case .object(let members) = value else {
            faults.append(.wrongType(path: path, found: value, expected: "an object"))
            return nil
        }
        remaining = members
        self.path = path
    }

    func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    mutating func string(_ key: String, _ faults: inout [ChainFault]) -> String {
        value(key, "a string", &faults) { if case .string(let text) = $0 { text } else { nil } } ?? ""
    }

    mutating func integer(_ key: String, _ faults: inout [ChainFault]) -> Int {
        value(key, "a whole number", &faults, Self.wholeNumber) ?? 0
    }

    mutating func double(_ key: String, _ faults: inout [ChainFault]) -> Double {
        value(key, "a number", &faults) {
            switch $0 {
            case .integer(let value): Double(value)
            case .unsigned(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        } ?? 0
    }

    mutating func array(_ key: String, _ faults: inout [ChainFault]) -> [JSONValue] {
        value(key, "an array", &faults) { if case .array(let elements) = $0 { elements } else { nil } } ?? []
    }

    mutating func object(_ key: String, _ faults: inout [ChainFault]) -> [String: JSONValue] {
        value(key, "an object", &faults) { if case .object(let members) = $0 { members } else { nil } } ?? [:]
    }

    mutating func member(_ key: String, _ faults: inout [ChainFault]) -> JSONValue? {
        value(key, "an object", &faults) { $0 }
    }

    mutating func boolean(_ key: String, _ faults: inout [ChainFault]) -> Bool? {
        value(key, "true or false", &faults) { if case .bool(let flag) = $0 { flag } else { nil } }
    }

    /// Whether an optional key has a value.
    func states(_ key: String) -> Bool {
        guard let value = remaining[key] else { return false }
        return value != .null
    }

    mutating func optionalString(_ key: String, _ faults: inout [ChainFault]) -> String? {
        states(key) ? string(key, &faults) : nil
    }

    mutating func optionalInteger(_ key: String, _ faults: inout [ChainFault]) -> Int? {
        states(key) ? integer(key, &faults) : nil
    }

    mutating func optionalBoolean(_ key: String, _ faults: inout [ChainFault]) -> Bool? {
        states(key) ? boolean(key, &faults) : nil
    }

    private mutating func value<Value>(
        _ key: String,
        _ expected: String,
        _ faults: inout [ChainFault],
        _ convert: (JSONValue) -> Value?
    ) -> Value? {
        guard let found = remaining.removeValue(forKey: key) else {
            faults.append(
                ChainFault(.missingKey, path: path(key), "The key is missing; \(expected) is needed here.")
            )
            return nil
        }
        guard let converted = convert(found) else {
            faults.append(.wrongType(path: path(key), found: found, expected: expected))
            return nil
        }
        return converted
    }

    private static func wholeNumber(_ value: JSONValue) -> Int? {
        switch value {
        case .integer(let number): Int(exactly: number)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }
}

extension ChainFault {
    static func wrongType(path: String, found: JSONValue, expected: String) -> ChainFault {
        ChainFault(.wrongType, path: path, "Found \(found.kind) where \(expected) is needed.")
    }
}
