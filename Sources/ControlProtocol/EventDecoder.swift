import ChainModel
import WireFormats

/// Bytes from a node → a ``NodeMessage``, and that → the event it is. ``MessageDecoder`` is its counterpart in the
/// node.
///
/// Thread safety: a value without state, callable from anywhere.
public struct EventDecoder: Sendable {
    private let events: [String: any ControlEvent.Type]
    private let limits: JSONGuard

    /// - Parameters:
    ///   - catalog: the events to know.
    ///   - limits: a node's answers are larger than its requests: a chain with its envelope, or all parameters.
    public init(
        catalog: MessageCatalog = .standard,
        limits: JSONGuard = JSONGuard(maximumBytes: 16 << 20, maximumDepth: 64)
    ) {
        events = Dictionary(catalog.events.map { ($0.type, $0) }) { first, _ in first }
        self.limits = limits
    }

    /// Reads the envelope of one message, one JSON object in UTF-8. Limits are checked before anything is decoded.
    ///
    /// - Throws: `too_large`, `too_deep`, `bad_json`, or `bad_field` for an envelope without a `type`.
    public func decode(_ message: [UInt8]) throws(ControlError) -> NodeMessage {
        try limits.check(message)
        do {
            let json = try JSONParser.parse(
                message,
                maximumBytes: limits.maximumBytes,
                maximumDepth: limits.maximumDepth
            )
            let envelope = try JSONValueDecoder.decode(Envelope.self, from: json)
            return NodeMessage(type: envelope.type, requestID: envelope.requestId, json: json)
        } catch {
            throw ControlError(decoding: error)
        }
    }

    /// The event in a message.
    ///
    /// - Returns: nil for a type that this version does not know, and for one whose fields it cannot read: a newer node
    ///   may send both.
    public func event(in message: NodeMessage) -> (any ControlEvent)? {
        guard let type = events[message.type] else { return nil }
        do {
            return try message.decode(type)
        } catch {
            return nil
        }
    }

    private struct Envelope: Decodable {
        var type: String
        var requestId: RequestID?
    }
}
