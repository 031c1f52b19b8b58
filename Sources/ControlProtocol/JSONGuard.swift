/// Limits on a JSON text that are checked before any decoder sees it.
///
/// Foundation's decoder recurses with the nesting and overflows the small stacks of concurrency threads, so depth must
/// be known first. One pass over the bytes, without recursion or allocation. It counts brackets outside strings and
/// does not judge grammar: what passes here may still be no JSON.
public struct JSONGuard: Sendable, Hashable {
    /// Largest number of bytes.
    public var maximumBytes: Int
    /// Deepest nesting of objects and arrays; the message itself is level 1.
    public var maximumDepth: Int

    public init(maximumBytes: Int = 1 << 20, maximumDepth: Int = 32) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
    }

    /// Throws `too_large`, `too_deep`, or `bad_json` for bytes that no JSON text in UTF-8 contains.
    ///
    /// Bytes below 0x20 other than white space are refused everywhere, which also shuts out UTF-16 and UTF-32: a
    /// decoder that detects those would see other brackets than this scan.
    public func check(_ bytes: some Collection<UInt8>) throws(ControlError) {
        guard bytes.count <= maximumBytes else {
            throw ControlError(.tooLarge, "The message has \(bytes.count) bytes; at most \(maximumBytes) are read.")
        }
        var depth = 0
        var inString = false
        var escaped = false
        var offset = 0
        for byte in bytes {
            if byte < 0x20, inString || !(byte == 0x09 || byte == 0x0A || byte == 0x0D) {
                throw ControlError(.badJSON, "The message has the control byte \(byte) at offset \(offset).")
            }
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""):
                    inString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    guard depth <= maximumDepth else {
                        throw ControlError(
                            .tooDeep,
                            "The message nests deeper than \(maximumDepth) levels at offset \(offset)."
                        )
                    }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth = max(0, depth - 1)
                default:
                    break
                }
            }
            offset += 1
        }
    }
}
