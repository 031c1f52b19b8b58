/// Whether a WebSocket client is still there, asked once every ping interval.
struct Liveness: Sendable {
    enum Action: Sendable, Hashable {
        case ping
        case giveUp
    }

    private var heardSinceTick = true
    private var unanswered = 0
    private var handling = false

    /// A frame of any kind came in.
    mutating func heard() {
        heardSinceTick = true
    }

    /// A message of the client is being handled, during which none of its frames are read; or no longer.
    mutating func setHandling(_ isHandling: Bool) {
        handling = isHandling
        heardSinceTick = true
    }

    /// One ping interval has passed.
    mutating func tick() -> Action {
        if heardSinceTick || handling {
            heardSinceTick = false
            unanswered = 0
        } else {
            unanswered += 1
        }
        return unanswered < 2 ? .ping : .giveUp
    }
}
