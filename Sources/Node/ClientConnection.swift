/// Names one connected client for as long as its connection lasts.
public struct ClientID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

/// What a connection may do with a message when its client reads too slowly.
public enum MessagePriority: Sendable, Hashable {
    /// Answers and state changes: never dropped. A client that cannot take them is disconnected.
    case acknowledgement
    /// Meters and log lines: the connection may drop them, the next one makes up for it.
    case meter
}

/// The way from the node to one client. The control server's WebSocket session is one; tests record instead.
///
/// The node calls `send` on its actor and relies on the order of calls being the order on the wire. Spectra, which
/// stand in no order to anything, come from another thread.
public protocol ClientConnection: Sendable {
    var id: ClientID { get }
    /// The name that the client gave itself, which its history goes by across connections; nil for none.
    var name: String? { get }
    /// Where it connects from, such as `127.0.0.1:40112`, for the audit log.
    var peer: String { get }

    /// Queues one JSON message. Returns at once: it never waits for the client.
    ///
    /// - Parameters:
    ///   - text: one complete JSON object.
    ///   - priority: what may happen to it when the client's queue is full.
    func send(_ text: String, priority: MessagePriority)
}

extension ClientConnection {
    public var name: String? { nil }
    public var peer: String { "unknown" }
}
