import NIOCore

/// An address of this machine that only programs on this machine can reach.
///
/// Until the control server asks for access tokens it listens nowhere else, so an address that could be reached from
/// outside cannot be made into a value of this type.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A numeric loopback address, such as `127.0.0.1` or `::1`.
    public let host: String
    /// 0…65535; 0 lets the system take a free port.
    public let port: Int

    /// - Parameters:
    ///   - host: `localhost`, a numeric address in 127.0.0.0/8, or `::1` with or without brackets. `localhost` means
    ///     127.0.0.1: the system's name service is not asked, because its answer need not be a loopback address.
    ///   - port: 0…65535; 0 lets the system take a free port.
    /// - Throws: `bad_address` for what is no address, `token_required` for what is not a loopback address.
    public init(host: String, port: Int) throws(ControlServerError) {
        guard (0...65535).contains(port) else {
            throw ControlServerError(.badAddress, "The port \(port) lies outside 0…65535.")
        }
        self.host = try Self.loopbackHost(host)
        self.port = port
    }

    /// Host and port as a URL writes them: `127.0.0.1:5000`, `[::1]:5000`.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func loopbackHost(_ text: String) throws(ControlServerError) -> String {
        guard text.lowercased() != "localhost" else { return "127.0.0.1" }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        let address: SocketAddress
        do {
            address = try SocketAddress(ipAddress: bare, port: 0)
        } catch {
            throw ControlServerError(
                .badAddress,
                "The host '\(text)' is no numeric address. Use 127.0.0.1, ::1 or localhost.",
                cause: error
            )
        }
        let canonical = address.ipAddress ?? bare
        guard canonical == "::1" || (address.protocol == .inet && canonical.hasPrefix("127.")) else {
            throw ControlServerError(
                .tokenRequired,
                "Listening on '\(text)' would let other machines control this node, and access tokens are not "
                    + "supported yet. Use 127.0.0.1, ::1 or localhost."
            )
        }
        return canonical
    }
}
