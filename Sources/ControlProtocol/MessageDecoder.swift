import ChainModel
import WireFormats

/// Bytes from a client → a request. Never traps, never throws: every text has an ``IncomingMessage``.
///
/// Thread safety: a value without state, callable from anywhere; the node decodes off its actor.
public struct MessageDecoder: Sendable {
    public let catalog: MessageCatalog
    public let limits: JSONGuard

    public init(catalog: MessageCatalog = .standard, limits: JSONGuard = JSONGuard()) {
        self.catalog = catalog
        self.limits = limits
    }

    /// Decodes one message, one JSON object in UTF-8. Limits are checked before anything is decoded.
    public func decode(_ message: [UInt8]) -> IncomingMessage {
        do {
            try limits.check(message)
            // Foundation's decoder takes tens of microseconds for each value of unknown type: seconds for a hostile
            // chain.
            let json = try JSONParser.parse(message, maximumBytes: message.count)
            return try MessageEnvelope(from: JSONValueDecoder(json), configuration: catalog).message
        } catch {
            return IncomingMessage(requestID: nil, request: .failure(ControlError(decoding: error)))
        }
    }
}
