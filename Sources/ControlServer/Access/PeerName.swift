import NIOCore

/// Where a connection comes from, in words for logs: `127.0.0.1:40112`, `[::1]:40112`.
enum PeerName {
    static func of(_ address: SocketAddress?) -> String {
        guard let address, let host = address.ipAddress else { return "unknown" }
        return "\(ListenAddress.urlHost(host)):\(address.port ?? 0)"
    }
}
