public import Foundation
public import WireFormats

extension LinkConfig: Codable {
    /// - Throws: `ChainFaults` for JSON that is no chain file, and the decoder's own errors for broken JSON.
    public init(from decoder: any Decoder) throws {
        try self.init(json: JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension LinkConfig {
    /// Reads a chain file.
    ///
    /// - Throws: Every fault of shape with its path; a single fault for a file that is too large, nests deeper than 32,
    ///   or is no JSON.
    public static func decode(
        _ data: Data,
        maximumBytes: Int = JSONParser.defaultMaximumBytes
    ) throws(ChainFaults) -> LinkConfig {
        try LinkConfig(json: ChainFaults.parse(data, maximumBytes: maximumBytes))
    }

    /// The chain file, indented, keys in alphabetical order.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension ChainFaults {
    /// Reads JSON text; what is wrong with it becomes a fault of the file as a whole.
    static func parse(_ data: Data, maximumBytes: Int) throws(ChainFaults) -> JSONValue {
        do throws(JSONFault) {
            return try JSONParser.parse(data, maximumBytes: maximumBytes)
        } catch {
            throw ChainFaults([ChainFault(code: error.code.rawValue, path: "", message: error.description)])
        }
    }
}
