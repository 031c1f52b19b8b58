/// Decides what a client does when its connection begins and ends. Knows no time and no sockets: it is told what
/// happened and says what is to be done.
struct Reconnection: Sendable {
    enum Action: Sendable, Hashable {
        /// Let so much time pass, call ``waited()``, and try to connect.
        case wait(Duration)
        /// There will be no other connection.
        case stop
    }

    private let policy: ReconnectPolicy?
    private var attempt = 0
    private(set) var state = ConnectionState.connected

    /// Begins connected.
    init(policy: ReconnectPolicy?) {
        self.policy = policy
    }

    var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// The connection ended, or an attempt to connect failed.
    ///
    /// - Parameters:
    ///   - cause: why.
    ///   - spread: a random number, 0…1.
    mutating func lost(because cause: ClientError, spread: Double) -> Action {
        guard !isClosed else { return .stop }
        guard let policy, !cause.isPermanent else {
            state = .closed(because: cause)
            return .stop
        }
        attempt += 1
        let delay = policy.delay(before: attempt, spread: spread)
        state = .waiting(delay: delay, because: cause)
        return .wait(delay)
    }

    /// The delay has passed.
    mutating func waited() {
        guard case .waiting = state else { return }
        state = .connecting
    }

    /// An attempt succeeded. The next loss begins with the shortest delay again.
    mutating func connected() {
        guard !isClosed else { return }
        attempt = 0
        state = .connected
    }

    /// The client is to end.
    mutating func close() {
        guard !isClosed else { return }
        state = .closed(because: nil)
    }
}
