import Foundation

/// JSON from outside: measured before Foundation's decoder sees it, because that decoder recurses with the nesting and
/// overflows a small stack.
enum JSONText {
    static let maximumDepth = 32

    /// Why a text is not decoded.
    enum Problem: Error, CustomStringConvertible {
        case tooLarge(bytes: Int, maximum: Int)
        case tooDeep(offset: Int)
        case controlByte(UInt8, offset: Int)
        case malformed(String)

        var description: String {
            switch self {
            case .tooLarge(let bytes, let maximum): "The JSON has \(bytes) bytes; at most \(maximum) are read."
            case .tooDeep(let offset): "The JSON nests deeper than \(JSONText.maximumDepth) levels at byte \(offset)."
            case .controlByte(let byte, let offset): "The JSON has the control byte \(byte) at byte \(offset)."
            case .malformed(let reason): "The text is no JSON: \(reason)"
            }
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, maximumBytes: Int) throws -> Value {
        guard data.count <= maximumBytes else { throw Problem.tooLarge(bytes: data.count, maximum: maximumBytes) }
        try measure(data)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch DecodingError.dataCorrupted(let context) {
            let cause = (context.underlyingError as? CocoaError)?.userInfo[NSDebugDescriptionErrorKey]
            throw Problem.malformed((cause as? String) ?? context.debugDescription)
        }
    }

    /// Counts brackets outside strings in one pass. Control bytes are refused, which also shuts out UTF-16 and UTF-32: the
    /// decoder detects those and would see other brackets than this scan.
    private static func measure(_ data: Data) throws(Problem) {
        var depth = 0
        var inString = false
        var escaped = false
        for (offset, byte) in data.enumerated() {
            if byte < 0x20, inString || !(byte == 0x09 || byte == 0x0A || byte == 0x0D) {
                throw .controlByte(byte, offset: offset)
            }
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > maximumDepth { throw .tooDeep(offset: offset) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }
}
