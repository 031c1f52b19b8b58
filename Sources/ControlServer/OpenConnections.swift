import NIOCore
import Synchronization

/// The connections that are open, of all kinds: bounds their number, and ends them when the server does.
///
/// A connection can be accepted, and even be through its handshake, while the task that was to serve it is cancelled
/// before it begins. Only this list still knows it then.
final class OpenConnections: Sendable {
    private let limit: Int
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    /// Lists a connection until it is closed.
    ///
    /// - Returns: whether it is within the limit.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isWithinLimit = channels.withLock { channels in
            channels[id] = channel
            return channels.count <= limit
        }
        channel.closeFuture.whenComplete { [weak self] _ in
            _ = self?.channels.withLock { $0.removeValue(forKey: id) }
        }
        return isWithinLimit
    }

    /// Closes every connection at once, without a word to its client.
    func closeAll() {
        for channel in channels.withLock({ Array($0.values) }) {
            channel.close(promise: nil)
        }
    }
}
