/// Which `Host` and `Origin` headers are answered: the defence against DNS rebinding and against pages of other sites.
///
/// Both lists are compared whole, never by prefix or suffix. Scheme and host name are case-insensitive (RFC 3986 section
/// 3.2.2), so both sides are lowercased; nothing else is normalised.
struct AccessPolicy: Sendable, Hashable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// - Parameters:
    ///   - address: where the server listens.
    ///   - port: the port it really has, which differs from the address's when that is 0.
    ///   - allowedHosts: further hosts, with their port where it is not 80.
    ///   - allowedOrigins: further origins.
    init(address: ListenAddress, port: Int, allowedHosts: [String] = [], allowedOrigins: [String] = []) {
        let numeric = address.host.contains(":") ? "[\(address.host)]" : address.host
        let names: Set = ["127.0.0.1", "localhost", "[::1]", numeric]
        var hosts = Set(names.map { "\($0):\(port)" })
        if port == 80 {
            hosts.formUnion(names)
        }
        hosts.formUnion(allowedHosts.map { $0.lowercased() })
        self.hosts = hosts
        origins = Set(hosts.map { "http://\($0)" }).union(allowedOrigins.map { $0.lowercased() })
    }

    /// - Parameters:
    ///   - hosts: the values of all `Host` headers of a request.
    ///   - origins: the values of all `Origin` headers of a request.
    /// - Returns: why the request is not answered; nil when it is.
    func refusal(hosts requested: [String], origins senders: [String]) -> Refusal? {
        guard let host = requested.first else {
            return Refusal(400, "missing_host", "The request has no Host header.")
        }
        guard requested.count == 1 else {
            return Refusal(400, "ambiguous_host", "The request has \(requested.count) Host headers.")
        }
        guard hosts.contains(host.lowercased()) else {
            return Refusal(
                421,
                "foreign_host",
                "This node does not answer for the host '\(Refusal.quoted(host))'. Use its loopback address with its "
                    + "port, or add the host to the allowed hosts."
            )
        }
        guard let sender = senders.first else { return nil }
        guard senders.count == 1, origins.contains(sender.lowercased()) else {
            return Refusal(
                403,
                "foreign_origin",
                "Pages of '\(Refusal.quoted(sender))' may not use this node. Add the origin to the allowed origins if "
                    + "they should."
            )
        }
        return nil
    }
}
