/// DATA of set_param (CMD 0x01), version 3: `moduleIdx u8, paramTypeId u16le, channelIdx u16le, valueType u8, value`.
///
/// Source: README decision 7.
public struct SetParameterData: Sendable, Hashable {
    /// Position of the module in the link frame.
    public var module: UInt8
    public var parameter: UInt16
    /// d0, or (d0 << 8) | d1 with two dimensions, 0 with none.
    public var index: UInt16
    public var value: DeviceValue

    public init(module: UInt8, parameter: UInt16, index: UInt16, value: DeviceValue) {
        self.module = module
        self.parameter = parameter
        self.index = index
        self.value = value
    }

    /// The DATA bytes: 10 for f32 and i32, 7 for u8.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(module)
        writer.write(parameter)
        writer.write(index)
        writer.write(value.typeCode)
        switch value {
        case .float(let value): writer.write(value)
        case .int(let value): writer.write(value)
        case .byte(let value): writer.write(value)
        }
        return writer.bytes
    }

    /// Why bytes are no set_param.
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case truncated(ByteReader.Truncated)
        case trailingBytes(Int)
        case unknownValueType(UInt8)

        public var description: String {
            switch self {
            case .truncated(let cause): "set_param: \(cause)"
            case .trailingBytes(let count): "set_param: \(count) bytes too many"
            case .unknownValueType(let code): "set_param: value type \(code) is not known; 1 (f32), 2 (i32), 3 (u8) are"
            }
        }
    }

    /// Reads DATA bytes from outside.
    public init(decoding data: [UInt8]) throws(Fault) {
        var reader = ByteReader(data)
        do throws(ByteReader.Truncated) {
            module = try reader.readUInt8()
            parameter = try reader.readUInt16()
            index = try reader.readUInt16()
        } catch {
            throw .truncated(error)
        }
        value = try Self.value(&reader)
        guard reader.isAtEnd else { throw .trailingBytes(reader.remaining) }
    }

    private static func value(_ reader: inout ByteReader) throws(Fault) -> DeviceValue {
        let read = { (reader: inout ByteReader) throws(ByteReader.Truncated) -> (UInt8, DeviceValue?) in
            let typeCode = try reader.readUInt8()
            switch typeCode {
            case 1: return (typeCode, .float(try reader.readFloat()))
            case 2: return (typeCode, .int(try reader.readInt32()))
            case 3: return (typeCode, .byte(try reader.readUInt8()))
            default: return (typeCode, nil)
            }
        }
        let typeCode: UInt8
        let value: DeviceValue?
        do throws(ByteReader.Truncated) {
            (typeCode, value) = try read(&reader)
        } catch {
            throw .truncated(error)
        }
        guard let value else { throw .unknownValueType(typeCode) }
        return value
    }
}
