public import Foundation

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
    /// Bytes of a chain file that are read unless the caller says otherwise: 4 MiB.
    public static let defaultMaximumBytes = 4 << 20

    /// Reads a chain file.
    ///
    /// - Throws: Every fault of shape with its path; a single fault for a file that is too large, nests deeper than 32, or is
    ///   no JSON.
    public static func decode(
        _ data: Data,
        maximumBytes: Int = LinkConfig.defaultMaximumBytes
    ) throws(ChainFaults) -> LinkConfig {
        do {
            return try JSONText.decode(LinkConfig.self, from: data, maximumBytes: maximumBytes)
        } catch let faults as ChainFaults {
            throw faults
        } catch let problem as JSONText.Problem {
            throw ChainFaults([ChainFault(.badJSON, path: "", problem.description)])
        } catch {
            throw ChainFaults([ChainFault(.badJSON, path: "", "The file is no JSON: \(error)")])
        }
    }

    /// The chain file, indented, keys in alphabetical order.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
