/// The paths that speak WebSocket after a handshake.
enum WebSocketPath: String, CaseIterable, Sendable {
    /// Messages in JSON, both ways.
    case control = "/ws"
    /// What the chain plays, for whoever listens in a browser.
    case listening = "/ws/audio"

    init?(_ target: RequestTarget) {
        self.init(rawValue: String(target.path))
    }
}
