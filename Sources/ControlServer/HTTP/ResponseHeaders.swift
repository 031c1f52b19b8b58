import Foundation
import NIOCore
import NIOHTTP1

/// Header fields that every answer carries unless it sets its own.
enum ResponseHeaders {
    /// What a document from this server may do when no route says more: nothing.
    static let closedPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    private static let standard: [(name: String, value: String)] = [
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", closedPolicy),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
        ("Vary", "Origin"),
    ]

    /// Adds the standard fields that `headers` lacks.
    ///
    /// - Parameter reader: the origin whose pages may read the answer (CORS); nil for none but the server's own.
    static func complete(_ headers: inout HTTPHeaders, reader: String? = nil) {
        for field in standard where !headers.contains(name: field.name) {
            headers.add(name: field.name, value: field.value)
        }
        headers.replaceOrAdd(name: "Date", value: HTTPDate.text(seconds: time(nil)))
        if let reader {
            headers.replaceOrAdd(name: "Access-Control-Allow-Origin", value: reader)
            headers.replaceOrAdd(name: "Access-Control-Expose-Headers", value: "Content-Disposition, Retry-After")
        }
    }
}

extension Refusal {
    /// The answer as parts for an HTTP/1 encoder; its head says that the connection closes.
    ///
    /// - Parameter reader: see ``ResponseHeaders/complete(_:reader:)``.
    func parts(allocator: ByteBufferAllocator, reader: String? = nil) throws -> [HTTPServerResponsePart] {
        let body = allocator.buffer(string: try body())
        let namesUpgrade = fields.contains { $0.name == "Upgrade" }
        var headers = HTTPHeaders([
            ("Content-Type", "application/json"),
            ("Content-Length", String(body.readableBytes)),
            ("Connection", namesUpgrade ? "close, Upgrade" : "close"),
        ])
        for field in fields {
            headers.add(name: field.name, value: field.value)
        }
        ResponseHeaders.complete(&headers, reader: reader)
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        return [.head(head), .body(.byteBuffer(body)), .end(nil)]
    }
}
