import NIOCore
import Synchronization

/// The connections that are open, of all kinds: bounds their number and how fast they come, and ends them when the
/// server does.
///
/// A connection can be accepted, and even be through its handshake, while the task that was to serve it is cancelled
/// before it begins. Only this list still knows it then.
final class OpenConnections: Sendable {
    enum Admission: Sendable {
        case admitted
        /// All connections together are too many.
        case full
        /// Its address opens them too fast.
        case tooFast

        var refusal: Refusal? {
            switch self {
            case .admitted:
                nil
            case .full:
                Refusal(
                    503,
                    "too_many_connections",
                    "This node serves no more connections. Close one, or try again later.",
                    fields: [.init(name: "Retry-After", value: "5")]
                )
            case .tooFast:
                Refusal(
                    429,
                    "connecting_too_fast",
                    "Connections come too fast from this address. Keep one open, or try again later.",
                    fields: [.init(name: "Retry-After", value: "1")]
                )
            }
        }
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var rates: PeerRates
        /// What the rates were made from.
        var limits: ServerLimits
    }

    /// Connections for which the system has open files.
    private let systemLimit: Int
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    init(limits: ServerLimits, systemLimit: Int = .max) {
        self.systemLimit = systemLimit
        state = Mutex(State(rates: Self.rates(limits), limits: limits))
    }

    /// Lists a connection until it is closed.
    ///
    /// - Parameter limits: those in force now.
    func add(_ channel: any Channel, limits: ServerLimits) -> Admission {
        let id = ObjectIdentifier(channel)
        let peer = PeerAddress(channel.remoteAddress)
        let now = ContinuousClock.now - start
        let admission = state.withLock { state -> Admission in
            if state.limits != limits {
                state.limits = limits
                state.rates = Self.rates(limits)
            }
            state.channels[id] = channel
            guard state.channels.count <= min(limits.connections, systemLimit) else { return .full }
            return state.rates.take(peer, at: now) ? .admitted : .tooFast
        }
        channel.closeFuture.whenComplete { [weak self] _ in
            _ = self?.state.withLock { $0.channels.removeValue(forKey: id) }
        }
        return admission
    }

    /// Closes every connection at once, without a word to its client.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) {
            channel.close(promise: nil)
        }
    }

    private static func rates(_ limits: ServerLimits) -> PeerRates {
        PeerRates(perSecond: Double(limits.connectionsPerSecond), burst: limits.connectionBurst)
    }
}
