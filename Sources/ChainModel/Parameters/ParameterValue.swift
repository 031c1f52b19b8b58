/// A parameter's value as the C library takes it. An enumeration is the number of its name.
public enum ParameterValue: Sendable, Hashable {
    case float(Float)
    case int(Int32)
    case bool(Bool)

    /// The value as the parameter store writes it: `true`, `false`, or the shortest decimal that reads back equal.
    ///
    /// Enumerations are stored by name, which the schema knows: `ParameterSchema.storeString(for:)`.
    public var storeString: String {
        switch self {
        case .float(let value):
            let text = value.description
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        case .int(let value): return value.description
        case .bool(let value): return value.description
        }
    }

    /// The bytes that the C library takes, in memory order: f32, i32 or u8.
    public var bytes: [UInt8] {
        switch self {
        case .float(let value): withUnsafeBytes(of: value) { Array($0) }
        case .int(let value): withUnsafeBytes(of: value) { Array($0) }
        case .bool(let value): [value ? 1 : 0]
        }
    }

    /// The value as a number; booleans are 0 and 1.
    public var number: Double {
        switch self {
        case .float(let value): Double(value)
        case .int(let value): Double(value)
        case .bool(let value): value ? 1 : 0
        }
    }
}
