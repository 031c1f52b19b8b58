public import ChainModel
public import WireFormats

/// One message as the documents of the interface show it.
public struct MessageDocument: Sendable {
    /// Who sends it, and why.
    public enum Part: Sendable, Hashable {
        /// A client's, answered with one of these types.
        case request(answers: [String])
        /// The node's, to one request.
        case answer
        /// The node's, on its own.
        case event
        /// The node's, both to a request and on its own.
        case answerAndEvent
    }

    /// The wire name.
    public let type: String
    /// Other names under which a request is accepted.
    public let aliases: [String]
    public let part: Part
    /// One line of ``MessageGuide``.
    public let summary: String
    /// The whole object, `type` and `requestId` included.
    public let schema: JSONSchema

    /// A value of the schema such as may be seen on the wire.
    public var example: JSONValue {
        guard case .object(var members) = SchemaExample(of: type).value(of: schema) else { return .null }
        members["type"] = .string(type)
        return .object(members)
    }
}

extension MessageCatalog {
    /// Areas with their messages, requests and what answers them side by side.
    public var documents: [(area: String, messages: [MessageDocument])] {
        let known = documentsByType
        return MessageGuide.areas.map { area in
            (area.name, area.messages.compactMap { message in known[message.type]?.document(summary: message.summary) })
        }
    }

    /// Wire names of everything that may travel.
    public var types: Set<String> { Set(documentsByType.keys) }

    /// What is known of a message without its line.
    private struct Draft {
        var message: any ControlMessage.Type
        var aliases: [String] = []
        var answers: [String]?
        var isAnswer = false
        var isEvent = false

        func document(summary: String) -> MessageDocument {
            let part: MessageDocument.Part =
                switch (answers, isAnswer, isEvent) {
                case (let answers?, _, _): .request(answers: answers)
                case (nil, true, true): .answerAndEvent
                case (nil, true, false): .answer
                case (nil, false, _): .event
                }
            var envelope = [JSONSchema.Property("type", .enumeration([message.type] + aliases))]
            if part != .event {
                envelope.append(.init("requestId", RequestID.schema, isRequired: false))
            }
            return MessageDocument(
                type: message.type,
                aliases: aliases,
                part: part,
                summary: summary,
                schema: JSONSchema(of: message).adding(envelope)
            )
        }
    }

    private var documentsByType: [String: Draft] {
        var drafts: [String: Draft] = [:]
        for request in requests {
            let response = Self.response(of: request)
            drafts[request.type] = Draft(
                message: request,
                aliases: request.aliases,
                answers: [response.type, ErrorMessage.type]
            )
            drafts[response.type, default: Draft(message: response)].isAnswer = true
        }
        for event in events {
            drafts[event.type, default: Draft(message: event)].isEvent = true
        }
        // Any request may be refused with it.
        drafts[ErrorMessage.type]?.isAnswer = true
        return drafts
    }

    private static func response<Request: ControlRequest>(of request: Request.Type) -> any ControlMessage.Type {
        Request.Response.self
    }
}
