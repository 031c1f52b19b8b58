public import ChainModel

/// The WebSocket's interface as an AsyncAPI 3.0 document, made of the messages' own types.
///
/// Its words are the node's: it *receives* requests and *sends* events. Each request is an operation with its answers as
/// the reply; each event is an operation.
public struct AsyncAPIDocument: Sendable {
    private let catalog: MessageCatalog
    private let version: String

    public init(catalog: MessageCatalog = .standard, version: String = ProductVersion.current) {
        self.catalog = catalog
        self.version = version
    }

    private static let channel = "control"

    public var json: JSONValue {
        let areas = catalog.documents
        let messages = areas.flatMap(\.messages)
        return .members([
            "asyncapi": "3.0.0",
            "info": .members([
                "title": "Soundpost control messages",
                "version": .string(version),
                "description": .string(Self.introduction),
                "license": .members(["name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"]),
                "tags": .array(areas.map { .members(["name": .string($0.area)]) }),
            ]),
            "defaultContentType": "application/json",
            "servers": .members([
                "node": .members([
                    "host": "127.0.0.1:5000", "protocol": "ws", "description": "A node as it listens by default.",
                ])
            ]),
            "channels": .object([Self.channel: control(messages)]),
            "operations": .object(
                Dictionary(uniqueKeysWithValues: messages.compactMap { message in operation(message) })
            ),
            "components": .members([
                "messages": .object(
                    Dictionary(
                        uniqueKeysWithValues: areas.flatMap { area in
                            area.messages.map { ($0.type, description(of: $0, area: area.area)) }
                        }
                    )
                )
            ]),
        ])
    }

    private static let introduction = """
        One JSON object a text message, told apart by `type`. A request may carry `requestId`, a string or a whole number, \
        which its answer brings back. A request is answered by the message named as its reply, or by `error`; replies that \
        have `success` say no with `error`, `code` and, where one is at fault, `field`. Requests of one connection are \
        answered in their order. What one client changes, the others are told.
        """

    private func control(_ messages: [MessageDocument]) -> JSONValue {
        .members([
            "address": "/ws",
            "description": "Everything a client and the node say to each other.",
            "messages": .object(
                Dictionary(
                    uniqueKeysWithValues: messages.map { message in
                        (message.type, .members(["$ref": "#/components/messages/\(message.type)"]))
                    }
                )
            ),
            "bindings": .members([
                "ws": .members([
                    "method": "GET",
                    "query": .members([
                        "type": "object",
                        "properties": .members([
                            "client": .members([
                                "type": "string", "pattern": "^(?!ws-)[A-Za-z0-9_.#-]{1,64}$",
                                "description": "The name under which the client's changes are kept for undo.",
                            ]),
                            "token": .members([
                                "type": "string",
                                "description": "The access token, where a header cannot be set.",
                            ]),
                        ]),
                    ]),
                ])
            ]),
        ])
    }

    private func operation(_ message: MessageDocument) -> (String, JSONValue)? {
        func reference(_ type: String) -> JSONValue {
            .members(["$ref": "#/channels/\(Self.channel)/messages/\(type)"])
        }
        let channel: JSONValue = .members(["$ref": "#/channels/\(Self.channel)"])
        switch message.part {
        case .request(let answers):
            let operation: JSONValue = .members([
                "action": "receive",
                "channel": channel,
                "summary": .string(message.summary),
                "messages": [reference(message.type)],
                "reply": .members(["channel": channel, "messages": .array(answers.map(reference))]),
            ])
            return (message.type, operation)
        case .event, .answerAndEvent:
            let operation: JSONValue = .members([
                "action": "send",
                "channel": channel,
                "summary": .string(message.summary),
                "messages": [reference(message.type)],
            ])
            return (message.type, operation)
        case .answer:
            return nil
        }
    }

    private func description(of message: MessageDocument, area: String) -> JSONValue {
        .members([
            "name": .string(message.type),
            "title": .string(message.type),
            "summary": .string(message.summary),
            "tags": [.members(["name": .string(area)])],
            "contentType": "application/json",
            "correlationId": message.part == .event ? nil : .members(["location": "$message.payload#/requestId"]),
            "payload": message.schema.json,
            "examples": [.members(["payload": message.example])],
        ])
    }
}
