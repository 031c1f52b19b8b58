import Foundation

/// Where a node listens.
public struct NodeAddress: Sendable, Hashable, CustomStringConvertible {
    /// Name or IP address, without brackets.
    public let host: String
    /// 1…65535.
    public let port: Int
    /// Whether the connection is TLS.
    public let isSecure: Bool

    /// The port of a node that was not told another one.
    public static let defaultPort = 5000

    /// Reads `HOST`, `HOST:PORT`, or a URL with the scheme `http`, `https`, `ws` or `wss` and without a path.
    ///
    /// Without a scheme the connection is plain and the port 5000; a URL without a port has the port of its scheme.
    ///
    /// - Throws: ``ClientError`` with the code `bad_address`.
    public init(_ text: String) throws(ClientError) {
        let isURL = text.contains("://")
        guard let parts = URLComponents(string: isURL ? text : "http://\(text)"),
            let scheme = parts.scheme?.lowercased(), ["http", "https", "ws", "wss"].contains(scheme),
            let host = parts.host?.trimmingCharacters(in: ["[", "]"]), !host.isEmpty,
            ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil, parts.user == nil,
            parts.port.map((1...65535).contains) ?? true
        else {
            throw ClientError(
                .badAddress,
                "'\(text)' is no address of a node; addresses look like http://127.0.0.1:5000 or studio.local:5000."
            )
        }
        self.host = host
        isSecure = scheme == "https" || scheme == "wss"
        port = parts.port ?? (isURL ? (isSecure ? 443 : 80) : Self.defaultPort)
    }

    /// The value of the header `Host`.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// As a URL, such as `http://127.0.0.1:5000`.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }
}
