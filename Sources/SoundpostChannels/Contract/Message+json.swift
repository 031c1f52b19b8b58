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
        guard writer.bytes.count <= Self.maximumBytes else { throw Self.tooLong(writer.bytes.count) }
        return writer.bytes
    }

    /// Finds what would keep it from being written, without writing it. It is measured as if no text needed an escape
    /// and every number had one digit.
    func check() throws(Fault) {
        var bytes = #"{"type":"","data":}"#.utf8.count + kind.rawValue.utf8.count
        for text in [id, method, event] {
            // A key of two letters at least, with its quotes, colon and comma.
            if let text { bytes += text.utf8.count + 8 }
        }
        if let error {
            bytes += error.message.utf8.count
            if let data = error.data { try Self.check(data, maximumDepth: Self.maximumDepth - 2, &bytes) }
        }
        try Self.check(data, maximumDepth: Self.maximumDepth - 1, &bytes)
        guard bytes <= Self.maximumBytes else { throw Self.tooLong(bytes) }
    }

    private static func check(_ value: JSONValue, maximumDepth: Int, _ bytes: inout Int) throws(Fault) {
        switch value {
        case .null, .bool: bytes += 4
        case .integer, .unsigned: bytes += 1
        case .number(let number):
            bytes += 1
            guard number.isFinite else {
                throw Fault(description: "the message cannot be written as JSON: it has no number \(number)")
            }
        case .string(let text): bytes += text.utf8.count + 2
        case .array(let elements):
            try check(depth: maximumDepth)
            bytes += elements.count + 1
            for element in elements { try check(element, maximumDepth: maximumDepth - 1, &bytes) }
        case .object(let members):
            try check(depth: maximumDepth)
            bytes += members.count + 1
            for (key, member) in members {
                bytes += key.utf8.count + 3
                try check(member, maximumDepth: maximumDepth - 1, &bytes)
            }
        }
    }

    private static func check(depth: Int) throws(Fault) {
        guard depth > 0 else {
            throw Fault(
                description: "the message cannot be written as JSON: it nests deeper than \(maximumDepth) levels")
        }
    }

    private static func tooLong(_ bytes: Int) -> Fault {
        Fault(description: "the message has \(bytes) bytes; at most \(maximumBytes) are sent", isTooLarge: true)
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
        let members: [(key: String, value: JSONValue)]?
        do {
            members = try JSONParser.members(
                of: bytes, maximumBytes: Self.maximumBytes, maximumDepth: Self.maximumDepth)
        } catch {
            throw Fault(description: "what came is no message: \(error)")
        }
        guard let members else { throw Fault(description: "what came is no JSON object") }
        var type: JSONValue?
        self.init(.data)
        for (key, value) in members {
            switch key {
            case "type": type = value
            case "id": id = try Self.text("id", value)
            case "method": method = try Self.text("method", value)
            case "event": event = try Self.text("event", value)
            case "error": error = try Self.failure(value)
            case "data": data = value
            default: break
            }
        }
        guard let type else { throw Fault(description: "the message has no type") }
        guard case .string(let name) = type, let kind = Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(description: "the message's type is none of \(known)")
        }
        self.kind = kind
    }

    private static func text(_ name: String, _ value: JSONValue) throws(Fault) -> String {
        guard case .string(let text) = value else {
            throw Fault(description: "the message's \(name) is no string")
        }
        return text
    }

    private static func failure(_ value: JSONValue) throws(Fault) -> Failure {
        guard case .object(let error) = value,
            case .integer(let code) = error["code"],
            case .string(let message) = error["message"]
        else { throw Fault(description: "the message's error is no object with an integer code and a message") }
        return Failure(code: Int(code), message: message, data: error["data"])
    }
}
