import ControlServer
import Foundation

/// The token that clients show, if they need one.
struct NodeAccess {
    var token: AccessToken?
    /// Where the token lies if it was made just now.
    var newFile: URL?

    /// What the user of a token that was made just now must be told, once.
    func announcement() throws -> [String] {
        guard let newFile else { return [] }
        let path = newFile.path(percentEncoded: false)
        let text = try String(contentsOf: newFile, encoding: .utf8).trimmingCharacters(in: .newlines)
        return [
            "Access token, made now and kept in \(path): \(text)",
            "Clients send it as 'Authorization: Bearer TOKEN', or as ?token=TOKEN with /ws; "
                + "soundpost's own commands take --token-file \(path).",
        ]
    }
}
