import Foundation

/// Reads the envelope of a message and, by its `type`, the request in it.
///
/// Whatever is wrong with the message ends up in its `request`, so that `requestId` is not lost. Decoding throws only
/// when the text is no JSON object.
struct MessageEnvelope: DecodableWithConfiguration {
    let message: IncomingMessage

    private enum Key: String, CodingKey {
        case type
        case requestId
    }

    init(from decoder: any Decoder, configuration: MessageCatalog) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var requestID: RequestID?
        do {
            requestID = try container.decodeIfPresent(RequestID.self, forKey: .requestId)
            let name = try container.decode(String.self, forKey: .type)
            let request: any ControlRequest.Type = try configuration.request(named: name)
            message = IncomingMessage(requestID: requestID, request: .success(try request.init(from: decoder)))
        } catch {
            message = IncomingMessage(requestID: requestID, request: .failure(ControlError(decoding: error)))
        }
    }
}
