import HTTPTypes
import HummingbirdCore
import NIOCore

/// A browser's question whether a page of another origin may send a request (the CORS preflight of the Fetch standard).
///
/// Only origins that the ``AccessPolicy`` lets in come this far; the ``UpgradeGate`` names those that may read.
struct Preflight {
    /// Seconds for which browsers keep the answer.
    private static let maxAge = 600

    /// Nil when the request is none.
    init?(_ request: Request) {
        guard request.headers[.accessControlRequestMethod] != nil, request.headers[.origin] != nil else { return nil }
    }

    /// - Parameter methods: those of the path, separated by commas.
    func answer(methods: String) -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: methods,
                .accessControlAllowHeaders: "Authorization, Content-Type",
                .accessControlMaxAge: String(Self.maxAge),
                .vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            ]
        )
    }
}
