public import Foundation

/// The secret that a client off loopback shows: `Authorization: Bearer TOKEN`, or `?token=TOKEN` on a WebSocket.
public struct AccessToken: Sendable, Hashable {
    let text: String

    init(text: String) {
        self.text = text
    }

    /// Reads the token's file, or makes one (mode 0600) when there is none.
    ///
    /// - Returns: the token, and whether it was made now.
    public static func load(from file: URL) throws(ControlServerError) -> (token: AccessToken, isNew: Bool) {
        throw ControlServerError(.tokenRequired, "\(file)")
    }
}
