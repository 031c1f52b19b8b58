public import ChainModel
public import WireFormats

/// A message from a node whose envelope has been read: an answer, or an event.
///
/// Nothing but the envelope is judged yet, because what an answer should look like is known only to whoever asked.
public struct NodeMessage: Sendable, Hashable {
    /// The wire name.
    public let type: String
    /// The request that this answers; nil for an event.
    public let requestID: RequestID?
    /// The whole object, `type` and `requestId` included.
    public let json: JSONValue

    init(type: String, requestID: RequestID?, json: JSONValue) {
        self.type = type
        self.requestID = requestID
        self.json = json
    }

    /// Why the node said no: from an ``ErrorMessage`` and from any acknowledgement with `success: false` alike.
    public var refusal: ControlError? {
        guard case .object(let members) = json else { return nil }
        if type == ErrorMessage.type {
            return Self.refusal(in: members, words: "message")
        }
        return members["success"] == .bool(false) ? Self.refusal(in: members, words: "error") : nil
    }

    /// The message as one type.
    ///
    /// - Throws: `bad_field` with the path of what does not fit.
    public func decode<Message: ControlMessage>(_ message: Message.Type) throws(ControlError) -> Message {
        do {
            return try JSONValueDecoder.decode(message, from: json)
        } catch {
            throw ControlError(decoding: error)
        }
    }

    private static func refusal(in members: [String: JSONValue], words: String) -> ControlError {
        ControlError(
            members["code"]?.string.map(ControlError.Code.init(rawValue:)) ?? .internalError,
            members[words]?.string ?? "The node refused without saying why.",
            field: members["field"]?.string
        )
    }
}

extension JSONValue {
    fileprivate var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
