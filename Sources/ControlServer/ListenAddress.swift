import NIOCore

/// A numeric address of this machine and a port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A numeric address, such as `127.0.0.1`, `::1` or `0.0.0.0`.
    public let host: String
    /// 0…65535; 0 lets the system take a free port.
    public let port: Int

    /// - Parameters:
    ///   - host: `localhost`, or a numeric address, of IPv6 with or without brackets. `localhost` means 127.0.0.1: the
    ///     system's name service is not asked, because its answer need not be a loopback address.
    ///   - port: 0…65535; 0 lets the system take a free port.
    /// - Throws: `bad_address`.
    public init(host: String, port: Int) throws(ControlServerError) {
        guard (0...65535).contains(port) else {
            throw ControlServerError(.badAddress, "The port \(port) lies outside 0…65535.")
        }
        self.host = try Self.numericHost(host)
        self.port = port
    }

    /// Whether only programs on this machine can reach it.
    public var isLoopback: Bool {
        host == "::1" || (host.hasPrefix("127.") && !host.contains(":"))
    }

    /// Whether it stands for every address of this machine.
    public var isWildcard: Bool {
        host == "0.0.0.0" || host == "::"
    }

    /// Host and port as a URL writes them: `127.0.0.1:5000`, `[::1]:5000`.
    public var description: String {
        "\(Self.urlHost(host)):\(port)"
    }

    /// A numeric host as a URL writes it; an IPv4 address that came as IPv6 is written as what it is.
    static func urlHost(_ host: String) -> String {
        if host.hasPrefix("::ffff:"), host.contains(".") {
            return String(host.dropFirst("::ffff:".count))
        }
        return host.contains(":") ? "[\(host)]" : host
    }

    private static func numericHost(_ text: String) throws(ControlServerError) -> String {
        guard text.lowercased() != "localhost" else { return "127.0.0.1" }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        do {
            return try SocketAddress(ipAddress: bare, port: 0).ipAddress ?? bare
        } catch {
            throw ControlServerError(
                .badAddress,
                "The host '\(text)' is no numeric address. Use localhost or an address of this machine such as "
                    + "127.0.0.1, ::1 or 0.0.0.0.",
                cause: error
            )
        }
    }
}
