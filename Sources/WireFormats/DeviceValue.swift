/// A value with its type byte, as parameters travel to devices.
public enum DeviceValue: Sendable, Hashable {
    case float(Float)
    case int(Int32)
    /// Bytes and booleans.
    case byte(UInt8)

    /// The valueType on the wire: 1 = f32, 2 = i32, 3 = u8.
    public var typeCode: UInt8 {
        switch self {
        case .float: 1
        case .int: 2
        case .byte: 3
        }
    }
}
