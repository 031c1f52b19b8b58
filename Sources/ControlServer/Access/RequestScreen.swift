import NIOHTTP1

/// Judges a request by its header alone, before anything else of the server sees it.
struct RequestScreen: Sendable {
    /// The path of the WebSocket.
    static let webSocketPath = "/ws"

    let policy: AccessPolicy

    enum Verdict: Hashable, Sendable {
        /// Give it to the routes.
        case serve
        /// Give it to the routes without its upgrade headers, and close the connection after the answer: the HTTP parser
        /// stops at a request that asks for an upgrade, so nothing behind it would ever be read.
        case serveAndClose
        /// Switch the connection to the WebSocket protocol.
        case upgrade
        /// Answer with the refusal, and close.
        case refuse(Refusal)
    }

    /// - Parameters:
    ///   - head: the request line and its header fields.
    ///   - isFirst: whether it is the connection's first request; only that one may upgrade.
    func verdict(on head: HTTPRequestHead, isFirst: Bool) -> Verdict {
        if let refusal = policy.refusal(hosts: head.headers["Host"], origins: head.headers["Origin"]) {
            return .refuse(refusal)
        }
        guard head.uri.hasPrefix("/") else {
            return .refuse(Refusal(400, "bad_target", "The request target must be a path that begins with '/'."))
        }
        if let refusal = bodyRefusal(head.headers) {
            return .refuse(refusal)
        }
        let upgrades = head.headers[canonicalForm: "Upgrade"]
        guard !upgrades.isEmpty else {
            return head.isKeepAlive ? .serve : .serveAndClose
        }
        guard upgrades.contains(where: { $0.lowercased() == "websocket" }), Self.path(of: head) == Self.webSocketPath
        else {
            return .serveAndClose
        }
        return handshakeRefusal(head, isFirst: isFirst).map { .refuse($0) } ?? .upgrade
    }

    /// The path of the request target without its query.
    static func path(of head: HTTPRequestHead) -> Substring {
        head.uri.prefix { $0 != "?" && $0 != "#" }
    }

    /// No route takes a body, so none is read.
    private func bodyRefusal(_ headers: HTTPHeaders) -> Refusal? {
        let lengths = headers["Content-Length"]
        guard headers["Transfer-Encoding"].isEmpty, lengths.allSatisfy({ $0 == "0" }) else {
            return Refusal(413, "body_not_accepted", "This node accepts no request bodies.")
        }
        return nil
    }

    /// RFC 6455 section 4.2.1. What it asks for is checked here because the upgrader behind this screen drops a request
    /// that it does not like, and its sender would wait for ever.
    private func handshakeRefusal(_ head: HTTPRequestHead, isFirst: Bool) -> Refusal? {
        guard isFirst else {
            return Refusal(400, "late_upgrade", "A WebSocket handshake must be the first request of its connection.")
        }
        guard head.method == .GET, head.version == .http1_1,
            head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" })
        else {
            return Refusal(
                400,
                "bad_handshake",
                "A WebSocket handshake is a GET request of HTTP/1.1 with the header 'Connection: Upgrade'."
            )
        }
        guard head.headers[canonicalForm: "Upgrade"].count == 1 else {
            return Refusal(400, "bad_handshake", "A WebSocket handshake has exactly one Upgrade header: websocket.")
        }
        guard head.headers[canonicalForm: "Sec-WebSocket-Version"] == ["13"] else {
            return Refusal(
                426,
                "bad_handshake",
                "Only version 13 of the WebSocket protocol is spoken here.",
                fields: [.init(name: "Sec-WebSocket-Version", value: "13"), .init(name: "Upgrade", value: "websocket")]
            )
        }
        let keys = head.headers[canonicalForm: "Sec-WebSocket-Key"]
        guard keys.count == 1, let key = keys.first, Self.isHandshakeKey(key) else {
            return Refusal(400, "bad_handshake", "Sec-WebSocket-Key must be 16 bytes in Base64, given once.")
        }
        return nil
    }

    /// Whether `key` has the form of 16 bytes in Base64: 22 digits and two paddings.
    private static func isHandshakeKey(_ key: Substring) -> Bool {
        key.utf8.count == 24 && key.hasSuffix("==")
            && key.utf8.dropLast(2).allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default:
                    false
                }
            }
    }
}
