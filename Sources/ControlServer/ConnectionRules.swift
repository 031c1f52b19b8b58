import NIOCore
import NIOSSL
import Synchronization

/// What holds for the connections that are accepted under one configuration.
final class ConnectionRules: Sendable {
    let configuration: ControlServerConfiguration
    /// Nil for plain text.
    let tls: NIOSSLContext?
    /// Nil for no page.
    let page: PageFiles?
    private let policy = Mutex<(port: Int, policy: AccessPolicy)?>(nil)

    /// Reads the certificates.
    init(_ configuration: ControlServerConfiguration) throws(ControlServerError) {
        self.configuration = configuration
        tls = try configuration.tls?.context()
        page = configuration.page.map { PageFiles(directory: $0) }
    }

    /// The judge of one connection's requests.
    func screen(for channel: any Channel, tokens: TokenGuard) -> RequestScreen {
        RequestScreen(
            policy: policy(port: channel.localAddress?.port ?? 0),
            token: configuration.token,
            tokens: tokens,
            bodies: BodyRules(limits: configuration.limits),
            hasPage: page != nil,
            peer: PeerAddress(channel.remoteAddress),
            local: configuration.address.isWildcard ? channel.localAddress?.ipAddress : nil
        )
    }

    /// One for all connections, since they come in on the same port.
    private func policy(port: Int) -> AccessPolicy {
        policy.withLock { known in
            if let known, known.port == port { return known.policy }
            let policy = AccessPolicy(
                address: configuration.address,
                port: port,
                allowedHosts: configuration.allowedHosts,
                allowedOrigins: configuration.allowedOrigins,
                corsOrigins: configuration.corsOrigins,
                isSecure: tls != nil
            )
            known = (port, policy)
            return policy
        }
    }
}
