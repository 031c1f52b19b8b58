/// Which `Host` and `Origin` headers are answered: the defence against DNS rebinding and against pages of other sites.
///
/// All lists are compared whole, never by prefix or suffix. Scheme and host name are case-insensitive (RFC 3986 section
/// 3.2.2), so both sides are lowercased; nothing else is normalised.
struct AccessPolicy: Sendable, Hashable {
    private let hosts: Set<String>
    private let origins: Set<String>
    private let corsOrigins: Set<String>
    private let scheme: String
    /// `:PORT` as it must stand behind a host; also nothing, where browsers leave the port out.
    private let portSuffixes: [String]
    private let isWildcard: Bool

    /// - Parameters:
    ///   - address: where the server listens.
    ///   - port: the port it really has, which differs from the address's when that is 0.
    ///   - allowedHosts: further hosts, with their port where it is not the scheme's own.
    ///   - allowedOrigins: further origins.
    ///   - corsOrigins: origins that may also read answers.
    ///   - isSecure: whether TLS is spoken.
    init(
        address: ListenAddress,
        port: Int,
        allowedHosts: [String] = [],
        allowedOrigins: [String] = [],
        corsOrigins: [String] = [],
        isSecure: Bool = false
    ) {
        scheme = isSecure ? "https" : "http"
        portSuffixes = port == (isSecure ? 443 : 80) ? [":\(port)", ""] : [":\(port)"]
        isWildcard = address.isWildcard
        var names: Set = ["127.0.0.1", "localhost", "[::1]"]
        if !address.isWildcard {
            names.insert(ListenAddress.urlHost(address.host))
        }
        hosts = Self.join(names, portSuffixes).union(allowedHosts.map { $0.lowercased() })
        self.corsOrigins = Set(corsOrigins.map { $0.lowercased() })
        origins = Self.origins(scheme, hosts).union(allowedOrigins.map { $0.lowercased() }).union(self.corsOrigins)
    }

    /// - Parameters:
    ///   - hosts: the values of all `Host` headers of a request.
    ///   - origins: the values of all `Origin` headers of a request.
    ///   - local: the numeric address that the connection came in on. A server that listens on every address answers
    ///     for the one that was used.
    /// - Returns: why the request is not answered; nil when it is.
    func refusal(hosts requested: [String], origins senders: [String], local: String? = nil) -> Refusal? {
        guard let host = requested.first else {
            return Refusal(400, "missing_host", "The request has no Host header.")
        }
        guard requested.count == 1 else {
            return Refusal(400, "ambiguous_host", "The request has \(requested.count) Host headers.")
        }
        let own = isWildcard ? Self.join(Set(local.map { [ListenAddress.urlHost($0)] } ?? []), portSuffixes) : []
        guard hosts.contains(host.lowercased()) || own.contains(host.lowercased()) else {
            return Refusal(
                421,
                "foreign_host",
                "This node does not answer for the host '\(Refusal.quoted(host))'. Use its numeric address with its "
                    + "port, or add the host to the allowed hosts."
            )
        }
        guard let sender = senders.first else { return nil }
        guard senders.count == 1,
            origins.contains(sender.lowercased()) || Self.origins(scheme, own).contains(sender.lowercased())
        else {
            return Refusal(
                403,
                "foreign_origin",
                "Pages of '\(Refusal.quoted(sender))' may not use this node. Add the origin to the allowed origins if "
                    + "they should."
            )
        }
        return nil
    }

    /// The origin that an answer names as its reader (CORS); nil when pages elsewhere may not read it.
    func reader(among senders: [String]) -> String? {
        guard senders.count == 1, corsOrigins.contains(senders[0].lowercased()) else { return nil }
        return senders[0]
    }

    private static func join(_ names: Set<String>, _ suffixes: [String]) -> Set<String> {
        Set(names.flatMap { name in suffixes.map { name + $0 } })
    }

    private static func origins(_ scheme: String, _ hosts: Set<String>) -> Set<String> {
        Set(hosts.map { "\(scheme)://\($0)" })
    }
}
