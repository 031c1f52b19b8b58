import NIOHTTP1
import Testing

@testable import ControlServer

struct RequestScreenTests {
    private let screen: RequestScreen

    init() throws {
        screen = RequestScreen(policy: AccessPolicy(address: try ListenAddress(host: "::1", port: 5000), port: 5000))
    }

    private func head(_ uri: String, _ fields: [(String, String)] = []) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: uri,
            headers: HTTPHeaders([("Host", "localhost:5000")] + fields)
        )
    }

    private func handshake(_ change: (inout HTTPRequestHead) -> Void = { _ in }) -> HTTPRequestHead {
        var head = head(
            "/ws",
            [
                ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", TestClient.key),
            ]
        )
        change(&head)
        return head
    }

    private func status(_ verdict: RequestScreen.Verdict) -> Int? {
        if case .refuse(let refusal) = verdict { refusal.status } else { nil }
    }

    @Test func servesPlainRequests() {
        #expect(screen.verdict(on: head("/"), isFirst: true) == .serve)
        #expect(screen.verdict(on: head("/api/status?x=1"), isFirst: false) == .serve)
        #expect(screen.verdict(on: head("/", [("Content-Length", "0")]), isFirst: true) == .serve)
    }

    @Test func closesAfterAnAnswerWhereTheClientOrTheParserNeedsIt() {
        #expect(screen.verdict(on: head("/", [("Connection", "close")]), isFirst: true) == .serveAndClose)
        #expect(screen.verdict(on: head("/", [("Upgrade", "h2c")]), isFirst: true) == .serveAndClose)
        #expect(screen.verdict(on: handshake { $0.uri = "/api/status" }, isFirst: true) == .serveAndClose)
        #expect(screen.verdict(on: handshake { $0.uri = "/ws/" }, isFirst: true) == .serveAndClose)
    }

    @Test func upgradesAHandshakeInAnyAcceptedSpelling() {
        #expect(screen.verdict(on: handshake(), isFirst: true) == .upgrade)
        #expect(screen.verdict(on: handshake { $0.uri = "/ws?a=b" }, isFirst: true) == .upgrade)
        let spelled = handshake {
            $0.headers.replaceOrAdd(name: "Upgrade", value: "WebSocket")
            $0.headers.replaceOrAdd(name: "Connection", value: "keep-alive, Upgrade")
        }
        #expect(screen.verdict(on: spelled, isFirst: true) == .upgrade)
    }

    @Test func upgradesOnThePathsThatSpeakWebSocketAndNowhereElse() {
        for path in ["/ws", "/ws/audio", "/ws/audio?token=x"] {
            #expect(screen.verdict(on: handshake { $0.uri = path }, isFirst: true) == .upgrade)
        }
        for path in ["/ws/", "/ws/audio/", "/ws/video", "/WS", "/audio", "/ws%2Faudio"] {
            #expect(screen.verdict(on: handshake { $0.uri = path }, isFirst: true) == .serveAndClose)
        }
    }

    @Test func refusesHandshakesThatBreakTheRules() {
        #expect(status(screen.verdict(on: handshake(), isFirst: false)) == 400)
        #expect(status(screen.verdict(on: handshake { $0.method = .POST }, isFirst: true)) == 400)
        #expect(status(screen.verdict(on: handshake { $0.version = .http1_0 }, isFirst: true)) == 400)
        let changes: [(String, String?, Int)] = [
            ("Connection", nil, 400), ("Connection", "close", 400), ("Upgrade", "websocket, h2c", 400),
            ("Sec-WebSocket-Version", nil, 426), ("Sec-WebSocket-Version", "8", 426),
            ("Sec-WebSocket-Version", "13, 8", 426),
            ("Sec-WebSocket-Key", nil, 400), ("Sec-WebSocket-Key", "", 400), ("Sec-WebSocket-Key", "c2hvcnQ=", 400),
            ("Sec-WebSocket-Key", "\(TestClient.key), \(TestClient.key)", 400),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j*g==", 400), ("Origin", "null", 403),
            ("Origin", "http://evil.example", 403), ("Host", "evil.example", 421), ("Host", nil, 400),
            ("Content-Length", "5", 413),
        ]
        for (name, value, expected) in changes {
            let changed = handshake {
                $0.headers.remove(name: name)
                if let value { $0.headers.add(name: name, value: value) }
            }
            #expect(status(screen.verdict(on: changed, isFirst: true)) == expected, "\(name): \(value ?? "absent")")
        }
    }

    @Test(arguments: ["*", "http://localhost:5000/", "localhost:5000", ""])
    func refusesTargetsThatAreNoPath(target: String) {
        #expect(status(screen.verdict(on: head(target), isFirst: true)) == 400)
    }

    @Test(arguments: [
        ("Content-Length", "1"), ("Content-Length", "-1"), ("Content-Length", "00"), ("Transfer-Encoding", "chunked"),
        ("Transfer-Encoding", "identity"),
    ])
    func refusesBodies(name: String, value: String) {
        #expect(status(screen.verdict(on: head("/", [(name, value)]), isFirst: true)) == 413)
    }

    @Test(arguments: ["cross-site", "same-site", "Cross-Site"])
    func whatOtherSitesFetchIsRefusedAndALinkToAPageIsNot(site: String) {
        let fields = [("Sec-Fetch-Site", site)]
        for (uri, mode) in [
            ("/api/archive", "no-cors"), ("/api/archive", "navigate"), ("/metrics", "cors"), ("/docs", "no-cors"),
        ] {
            #expect(status(screen.verdict(on: head(uri, fields + [("Sec-Fetch-Mode", mode)]), isFirst: true)) == 403)
        }
        for page in ["/", "/docs", "/status"] {
            let link = head(page, fields + [("Sec-Fetch-Mode", "navigate")])
            #expect(screen.verdict(on: link, isFirst: true) == .serve)
        }
        let form = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/",
            headers: HTTPHeaders([("Host", "localhost:5000"), ("Sec-Fetch-Mode", "navigate")] + fields))
        #expect(status(screen.verdict(on: form, isFirst: true)) == 403)
    }

    @Test(arguments: ["same-origin", "none"])
    func whatItsOwnPagesFetchIsServed(site: String) {
        #expect(screen.verdict(on: head("/api/archive", [("Sec-Fetch-Site", site)]), isFirst: true) == .serve)
    }

    @Test func anAllowedOriginMayBeOnAnotherSite() {
        let fields = [("Sec-Fetch-Site", "same-site"), ("Origin", "http://localhost:5000")]
        #expect(screen.verdict(on: head("/api/status", fields), isFirst: true) == .serve)
    }
}
