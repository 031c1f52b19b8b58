import NIOHTTP1

/// Judges a request by its header alone, before anything else of the server sees it.
struct RequestScreen: Sendable {
    /// Paths that links of other sites may lead to.
    private static let linkedPaths: Set = ["/", "/status", "/docs"]

    /// The path that is answered without a token, for whatever watches the node.
    static let openPath = "/healthz"

    private let policy: AccessPolicy
    private let token: AccessToken?
    private let tokens: TokenGuard
    private let bodies: BodyRules
    private let hasPage: Bool
    /// Who asks.
    private let peer: PeerAddress
    /// The numeric address that the connection came in on.
    private let local: String?

    enum Verdict: Hashable, Sendable {
        /// Give it to the routes.
        case serve
        /// Give it to the routes without its upgrade headers, and close the connection after the answer: the HTTP
        /// parser stops at a request that asks for an upgrade, so nothing behind it would ever be read.
        case serveAndClose
        /// Give it to the routes with its body. `closing`: close the connection after the answer.
        case receive(closing: Bool)
        /// Switch the connection to the WebSocket protocol.
        case upgrade
        /// Answer with the refusal, and close.
        case refuse(Refusal)
    }

    init(
        policy: AccessPolicy,
        token: AccessToken? = nil,
        tokens: TokenGuard = TokenGuard(),
        bodies: BodyRules = BodyRules(limits: ServerLimits()),
        hasPage: Bool = false,
        peer: PeerAddress = PeerAddress(nil),
        local: String? = nil
    ) {
        self.policy = policy
        self.token = token
        self.tokens = tokens
        self.bodies = bodies
        self.hasPage = hasPage
        self.peer = peer
        self.local = local
    }

    /// - Parameters:
    ///   - head: the request line and its header fields.
    ///   - isFirst: whether it is the connection's first request; only that one may upgrade.
    func verdict(on head: HTTPRequestHead, isFirst: Bool) -> Verdict {
        do throws(Refusal) {
            return try judge(head, isFirst: isFirst)
        } catch {
            return .refuse(error)
        }
    }

    /// The origin that the answer to a request names as its reader (CORS); nil when pages elsewhere may not read it.
    func reader(of head: HTTPRequestHead) -> String? {
        policy.reader(among: head.headers["Origin"])
    }

    private func judge(_ head: HTTPRequestHead, isFirst: Bool) throws(Refusal) -> Verdict {
        if let refusal = policy.refusal(hosts: head.headers["Host"], origins: head.headers["Origin"], local: local) {
            throw refusal
        }
        let target = RequestTarget(head.uri)
        if let refusal = crossSiteRefusal(head, target: target) { throw refusal }
        guard target.path.hasPrefix("/") else {
            throw Refusal(400, "bad_target", "The request target must be a path that begins with '/'.")
        }
        guard target.isDecodable else {
            throw Refusal(400, "bad_target", "The request target's escapes must be %XX and stand for UTF-8.")
        }
        let upgrades = head.headers[canonicalForm: "Upgrade"]
        let isHandshake = upgrades.contains { $0.lowercased() == "websocket" } && WebSocketPath(target) != nil
        if let refusal = tokenRefusal(head, target: target, isHandshake: isHandshake) {
            throw refusal
        }
        if try bodies.bodyLimit(of: head, path: target.path) != nil {
            return .receive(closing: !head.isKeepAlive || !upgrades.isEmpty)
        }
        guard !upgrades.isEmpty else {
            return head.isKeepAlive ? .serve : .serveAndClose
        }
        guard isHandshake else { return .serveAndClose }
        if let refusal = handshakeRefusal(head, isFirst: isFirst) {
            throw refusal
        }
        _ = try ClientName.read(from: target)
        return .upgrade
    }

    /// Images, links and forms of other sites send no Origin, but browsers say where they come from (Fetch Metadata).
    /// Only somebody who follows a link to a page may come from elsewhere.
    private func crossSiteRefusal(_ head: HTTPRequestHead, target: RequestTarget) -> Refusal? {
        guard head.headers["Origin"].isEmpty,
            head.headers["Sec-Fetch-Site"].contains(where: { ["cross-site", "same-site"].contains($0.lowercased()) })
        else { return nil }
        let isNavigation = head.method == .GET && head.headers["Sec-Fetch-Mode"] == ["navigate"]
        guard !isNavigation || !Self.linkedPaths.contains(String(target.path)) else { return nil }
        return Refusal(403, "foreign_origin", "Pages of other sites may not use this node.")
    }

    /// Browsers send no token before they may send the request itself (the CORS preflight).
    private func tokenRefusal(_ head: HTTPRequestHead, target: RequestTarget, isHandshake: Bool) -> Refusal? {
        guard let token, target.path != Self.openPath, !asksForPage(head, path: target.path) else { return nil }
        let isPreflight = head.method == .OPTIONS && head.headers.contains(name: "Access-Control-Request-Method")
        guard !isPreflight || reader(of: head) == nil else { return nil }
        var shown = head.headers["Authorization"].compactMap { field -> String? in
            let words = field.split(separator: " ", maxSplits: 1)
            return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
        }
        if isHandshake {
            shown += target.values(of: "token")
        }
        return tokens.refusal(token: token, shown: shown, peer: peer)
    }

    /// The page's files are open: they hold nothing of the node, and it is the page that asks its user for the token.
    /// Without a page, `/` tells what runs.
    private func asksForPage(_ head: HTTPRequestHead, path: Substring) -> Bool {
        hasPage && (head.method == .GET || head.method == .HEAD) && PageFileName(path: path) != nil
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
