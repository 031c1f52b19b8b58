public import Foundation

/// Where the control server listens, whom it answers and how much it takes.
public struct ControlServerConfiguration: Sendable, Hashable {
    public let address: ListenAddress
    /// Further values of the `Host` header that are answered, each exactly as the browser sends it.
    public let allowedHosts: [String]
    /// Further values of the `Origin` header that are answered, each exactly as the browser sends it.
    public let allowedOrigins: [String]
    /// Origins whose pages may also read the answers (CORS), each exactly as the browser sends it.
    public let corsOrigins: [String]
    /// Asked of every request but those for `/healthz` and for the page's files when there is one; off loopback there
    /// must be one.
    public let token: AccessToken?
    /// Without them, plain text.
    public let tls: TLSFiles?
    /// The directory with the files of the page; nil for none, and `/` tells what runs.
    public let page: URL?
    public let limits: ServerLimits

    /// - Parameters:
    ///   - host: see ``ListenAddress/init(host:port:)``.
    ///   - port: see ``ListenAddress/init(host:port:)``.
    ///   - allowedHosts: `NAME`, `NAME:PORT`; needed behind a proxy or a forwarded port. The loopback names and the
    ///     address that a connection comes in on, with the server's own port, are always allowed. An allowed host also
    ///     allows the origin `http://HOST`, with certificates `https://HOST`.
    ///   - allowedOrigins: `SCHEME://NAME` or `SCHEME://NAME:PORT`, without a path. `null` and `*` are refused.
    ///   - corsOrigins: of the same form. They may use the WebSocket as well.
    ///   - token: asked of every request but those for `/healthz` and for the page's files.
    ///   - tls: certificates, read when the server starts.
    ///   - page: a directory with index.html; looked at whenever somebody asks for a file.
    ///   - limits: see ``ServerLimits``.
    /// - Throws: ``ControlServerError``: `token_required` for an address off loopback without a token, or the entry and
    ///   the form it should have.
    public init(
        host: String = "127.0.0.1",
        port: Int = 5000,
        allowedHosts: [String] = [],
        allowedOrigins: [String] = [],
        corsOrigins: [String] = [],
        token: AccessToken? = nil,
        tls: TLSFiles? = nil,
        page: URL? = nil,
        limits: ServerLimits = ServerLimits()
    ) throws(ControlServerError) {
        address = try ListenAddress(host: host, port: port)
        guard address.isLoopback || token != nil else {
            throw ControlServerError(
                .tokenRequired,
                "Listening on '\(host)' lets other machines control this node, which needs an access token. Give a "
                    + "token file, or use 127.0.0.1, ::1 or localhost."
            )
        }
        for entry in allowedHosts where !Authority.isWellFormed(entry) {
            throw ControlServerError(
                .badAllowList,
                "The allowed host '\(entry)' is not of the form NAME or NAME:PORT."
            )
        }
        for (list, entries) in [("allowed", allowedOrigins), ("CORS", corsOrigins)] {
            for entry in entries where !Authority.isOrigin(entry) {
                throw ControlServerError(
                    .badAllowList,
                    "The \(list) origin '\(entry)' is not of the form SCHEME://NAME or SCHEME://NAME:PORT."
                )
            }
        }
        self.allowedHosts = allowedHosts
        self.allowedOrigins = allowedOrigins
        self.corsOrigins = corsOrigins
        self.token = token
        self.tls = tls
        self.page = page
        self.limits = limits
    }
}
