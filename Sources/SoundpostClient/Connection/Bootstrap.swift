import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens TCP connections to one node, with TLS where the address says so.
struct Bootstrap: Sendable {
    let configuration: ClientConfiguration
    private let context: NIOSSLContext?

    /// - Throws: ``ClientError`` with the code `bad_trust_roots` or `bad_token`.
    init(_ configuration: ClientConfiguration) throws(ClientError) {
        self.configuration = configuration
        // It becomes part of a header field, where a line break would begin another one.
        if let token = configuration.token, token.isEmpty || !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw ClientError(.badToken, "An access token is one word of printable ASCII characters.")
        }
        guard configuration.address.isSecure else {
            context = nil
            return
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = configuration.tls.verifiesCertificate ? .fullVerification : .none
        if let roots = configuration.tls.trustRoots {
            tls.trustRoots = .file(roots.path)
        }
        do {
            context = try NIOSSLContext(configuration: tls)
        } catch {
            let file = configuration.tls.trustRoots.map { "\($0.path): cannot be read as PEM certificates" }
            throw ClientError(.badTrustRoots, file ?? "TLS cannot be set up: \(error).", cause: error)
        }
    }

    /// The header fields that every request to the node has.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders([("Host", configuration.address.authority)])
        if let token = configuration.token {
            headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        return headers
    }

    /// Connects and lets `configure` add the handlers above TLS.
    ///
    /// - Throws: ``ClientError``.
    func connect<Output: Sendable>(
        _ configure: @escaping @Sendable (any Channel) throws -> EventLoopFuture<Output>
    ) async throws(ClientError) -> Output {
        let address = configuration.address
        do {
            let ready = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.socketOption(.tcp_nodelay), value: 1)
                .connectTimeout(TimeAmount(configuration.connectTime))
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let context {
                            try channel.pipeline.syncOperations.addHandler(makeTLSHandler(context))
                        }
                        return try configure(channel)
                    }
                }
            return try await ready.get()
        } catch {
            throw ClientError(connectingTo: address, error)
        }
    }

    private func makeTLSHandler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        // A certificate for an IP address is checked against the peer's; only names travel as SNI (RFC 6066 section 3).
        let host = configuration.address.host
        let isIPAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isIPAddress ? nil : host)
    }
}
