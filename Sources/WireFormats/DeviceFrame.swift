/// One frame of the device protocol: `55 AA | CMD u8 | SEQ u16le | LEN u16le | DATA[LEN] | CRC8`.
///
/// The checksum covers CMD to DATA. A reply has the request's SEQ and CMD | 0x80. Source: README decision 6.
public struct DeviceFrame: Sendable, Hashable {
    /// The bytes a frame starts with.
    public static let preamble: [UInt8] = [0x55, 0xAA]
    /// Bytes before DATA.
    public static let headerLength = 7
    /// Bytes of a frame beside DATA.
    public static let overhead = headerLength + 1
    /// The bit that makes a command a reply.
    public static let replyBit: UInt8 = 0x80
    /// Most bytes of DATA that LEN can count.
    public static let maximumDataLength = Int(UInt16.max)

    public var command: UInt8
    public var sequence: UInt16
    public var data: [UInt8]

    public init(command: UInt8, sequence: UInt16, data: [UInt8] = []) {
        self.command = command
        self.sequence = sequence
        self.data = data
    }

    public var isReply: Bool { command & Self.replyBit != 0 }

    /// The bytes on the wire.
    ///
    /// - Throws: DATA of more than 65535 bytes; such a payload goes out in segments.
    public func encoded() throws(DeviceFrameFault) -> [UInt8] {
        guard let length = UInt16(exactly: data.count) else { throw .dataTooLong(data.count) }
        var writer = ByteWriter()
        writer.write(Self.preamble)
        writer.write(command)
        writer.write(sequence)
        writer.write(length)
        writer.write(data)
        writer.write(CRC8.checksum(writer.bytes.dropFirst(Self.preamble.count)))
        return writer.bytes
    }
}

/// Why a frame cannot be written.
public enum DeviceFrameFault: Error, Sendable, Hashable, CustomStringConvertible {
    case dataTooLong(Int)

    public var description: String {
        switch self {
        case .dataTooLong(let count):
            "\(count) bytes of data; a frame takes at most \(DeviceFrame.maximumDataLength)"
        }
    }
}
