internal import WireFormats

/// What a server says about the region that it hands over: the line of docs/protocols/shared-memory.md.
struct RegionOffer: Hashable {
    var ringBytes: Int
    var codec: UInt8
    var token: UInt64
    /// Name of the shared-memory object, where no descriptor travels with the line.
    var segment: String?

    var message: Message {
        let members: [String: JSONValue] = [
            "version": .integer(Int64(RegionLayout.version)), "ringBytes": .integer(Int64(ringBytes)),
            "codec": .integer(Int64(codec)), "token": .string(Self.text(of: token)),
            "segment": segment.map(JSONValue.string) ?? .null,
        ]
        return Message(.ready, data: .object(["sharedMemory": .object(members)]))
    }

    private static func text(of token: UInt64) -> String {
        let digits = String(token, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    struct Fault: Error {
        let text: String
    }

    init(ringBytes: Int, codec: UInt8, token: UInt64, segment: String? = nil) {
        self.ringBytes = ringBytes
        self.codec = codec
        self.token = token
        self.segment = segment
    }

    init(_ message: Message) throws(Fault) {
        guard message.kind == .ready, case .object(let data) = message.data,
            case .object(let members) = data["sharedMemory"]
        else { throw Fault(text: "the server offers no shared memory; it may be a local socket") }
        guard case .integer(let version) = members["version"] else { throw Fault(text: "the offer has no version") }
        guard version == Int64(RegionLayout.version) else {
            throw Fault(
                text: "the server speaks version \(version) of the layout, this program \(RegionLayout.version)")
        }
        guard case .integer(let ringBytes) = members["ringBytes"], case .integer(let codec) = members["codec"],
            case .string(let digits) = members["token"], digits.utf8.count == 16,
            digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
            let token = UInt64(digits, radix: 16),
            let size = Int(exactly: ringBytes), let codec = UInt8(exactly: codec)
        else { throw Fault(text: "the offer lacks ringBytes, codec or token") }
        let segment: String?
        switch members["segment"] {
        case .string(let name): segment = name
        case nil, .null: segment = nil
        default: throw Fault(text: "the offer's segment is no name")
        }
        self.init(ringBytes: size, codec: codec, token: token, segment: segment)
    }
}
