import ChainModel
import WireFormats

extension RecordingClient.Message {
    /// The strings that the members of a list have under a key.
    func strings(_ list: String, _ key: String) -> [String] {
        guard case .array(let members) = json[list] else { return [] }
        return members.compactMap { member in
            guard case .object(let fields) = member, case .string(let text) = fields[key] else { return nil }
            return text
        }
    }
}
