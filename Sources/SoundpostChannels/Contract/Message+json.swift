internal import WireFormats

extension Message {
    /// Why bytes are no message, or a message cannot be bytes; without the channel's name.
    struct Fault: Error, CustomStringConvertible {
        let description: String
        var isTooLarge = false

        var asTransportFault: TransportFault { isTooLarge ? .tooLarge(description) : .unwritable(description) }
    }

    /// One line of JSON, without its end.
    ///
    /// - Throws: a `Fault` when a number is not finite, or the text would be too long or nest too deep.
    func encoded() throws(Fault) -> [UInt8] {
        var writer = JSONWriter()
        writer.reserve(128)
        writer.write("{\"type\":\"")
        writer.write(kind.rawValue)
        writer.write("\"")
        member("id", id, to: &writer)
        member("method", method, to: &writer)
        member("event", event, to: &writer)
        do {
            if let error {
                writer.write(",\"error\":{\"code\":")
                writer.write(error.code.description)
                writer.write(",\"message\":")
                writer.write(quoting: error.message)
                if let data = error.data {
                    writer.write(",\"data\":")
                    try writer.write(data, maximumDepth: Self.maximumDepth - 2)
                }
                writer.write("}")
            }
            writer.write(",\"data\":")
            try writer.write(data, maximumDepth: Self.maximumDepth - 1)
        } catch {
            throw Fault(description: "the message cannot be written as JSON: \(error)")
        }
        writer.write("}")
        guard writer.bytes.count <= Self.maximumBytes else {
            throw Fault(
                description: "the message has \(writer.bytes.count) bytes; at most \(Self.maximumBytes) are sent",
                isTooLarge: true)
        }
        return writer.bytes
    }

    private func member(_ name: String, _ value: String?, to writer: inout JSONWriter) {
        guard let value else { return }
        writer.write(",\"")
        writer.write(name)
        writer.write("\":")
        writer.write(quoting: value)
    }

    /// Reads one message.
    init(encoded bytes: UnsafeRawBufferPointer) throws(Fault) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(
                bytes, maximumBytes: Self.maximumBytes, maximumDepth: Self.maximumDepth)
        } catch {
            throw Fault(description: "what came is no message: \(error)")
        }
        guard case .object(var members) = value else { throw Fault(description: "what came is no JSON object") }
        guard let type = members["type"] else { throw Fault(description: "the message has no type") }
        guard case .string(let name) = type, let kind = Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(description: "the message's type is none of \(known)")
        }
        self.init(
            kind,
            id: try Self.text("id", of: members),
            method: try Self.text("method", of: members),
            event: try Self.text("event", of: members),
            error: try Self.failure(of: members),
            // Taken out, so that it is not copied.
            data: members.removeValue(forKey: "data") ?? .null
        )
    }

    private static func text(_ name: String, of members: [String: JSONValue]) throws(Fault) -> String? {
        switch members[name] {
        case nil: return nil
        case .string(let text): return text
        default: throw Fault(description: "the message's \(name) is no string")
        }
    }

    private static func failure(of members: [String: JSONValue]) throws(Fault) -> Failure? {
        guard let value = members["error"] else { return nil }
        guard case .object(let error) = value,
            case .integer(let code) = error["code"],
            case .string(let message) = error["message"]
        else { throw Fault(description: "the message's error is no object with an integer code and a message") }
        return Failure(code: Int(code), message: message, data: error["data"])
    }
}
