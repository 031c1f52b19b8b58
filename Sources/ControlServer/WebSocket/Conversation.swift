/// What a WebSocket connection is for, between its handshake and its end. The ``WebSocketSession`` does what all have
/// in common: frames, pings, rates, closing.
protocol Conversation: Sendable {
    /// Whether the client says anything; otherwise what it sends is thrown away.
    var takesMessages: Bool { get }

    /// The connection is open. It may be sent to from now on.
    func begin() async
    /// Takes one text of the client. Returns when the next one may be handed in.
    func take(_ message: [UInt8]) async
    /// Nothing comes or goes any more.
    func end() async
}
