import ChainModel
import Foundation
import WireFormats

/// A message → its JSON text, with `type` and, in answers, `requestId`. Keys are sorted, so equal messages are equal
/// texts.
public struct MessageEncoder: Sendable {
    public init() {}

    /// - Parameters:
    ///   - message: a response, an event, or a client's request.
    ///   - requestID: given back to the client in an answer; a client's own mark in a request.
    /// - Throws: `EncodingError` when a number is not finite.
    public func text(_ message: some ControlMessage, requestID: RequestID? = nil) throws -> String {
        try json(Envelope(message: message, requestID: requestID))
    }

    /// The JSON text of any value in the same style, for bodies outside the WebSocket.
    public func json(_ value: some Encodable) throws -> String {
        try JSONTextEncoder.text(of: value)
    }

    /// The same on several lines, for people.
    public func readable(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private struct Envelope<Message: ControlMessage>: Encodable {
        var message: Message
        var requestID: RequestID?

        private enum Key: String, CodingKey {
            case type
            case requestId
        }

        func encode(to encoder: any Encoder) throws {
            try message.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(Message.type, forKey: .type)
            try container.encodeIfPresent(requestID, forKey: .requestId)
        }
    }
}
