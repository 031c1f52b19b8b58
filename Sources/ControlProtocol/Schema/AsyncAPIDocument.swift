public import ChainModel
public import WireFormats

/// The WebSocket's interface as an AsyncAPI 3.0 document, made of the messages' own types.
///
/// Its words are the node's: it *receives* requests and *sends* events. Each request is an operation with its answers
/// as the reply; each event is an operation.
public struct AsyncAPIDocument: Sendable {
    private let catalog: MessageCatalog
    private let version: String

    public init(catalog: MessageCatalog = .standard, version: String = ProductVersion.current) {
        self.catalog = catalog
        self.version = version
    }

    private static let channel = "control"
    private static let listeningChannel = "listening"

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
            "channels": .object([Self.channel: control(messages), Self.listeningChannel: Self.listening]),
            "operations": .object(
                Dictionary(uniqueKeysWithValues: messages.compactMap { message in operation(message) })
                    .merging([Self.soundOperation]) { own, _ in own }
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
        One JSON object a text message, told apart by `type`. A request may carry `requestId`, a string or a whole \
        number, which its answer brings back. A request is answered by the message named as its reply, or by `error`; \
        replies that have `success` say no with `error`, `code` and, where one is at fault, `field`. Requests of one \
        connection are answered in their order. What one client changes, the others are told.
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
            "bindings": Self.handshake(
                .members([
                    "client": .members([
                        "type": "string", "pattern": "^(?!ws-)[A-Za-z0-9_.#-]{1,64}$",
                        "description": "The name under which the client's changes are kept for undo.",
                    ]),
                    "token": Self.token,
                ])
            ),
        ])
    }

    /// What the chain plays. A listener says nothing.
    private static let listening: JSONValue = .members([
        "address": "/ws/audio",
        "description": "What the chain plays, behind the output level, for whoever listens in a browser.",
        "messages": .members([
            "sound": .members([
                "name": "sound",
                "title": "sound",
                "summary": """
                Some 20 ms of sound, little-endian: number of the message since the connection began (u32), sample \
                rate in Hz (u32), channels (u16), sample frames in the message (u16), then the samples interleaved \
                (f32, full scale is 1). Whoever reads too slowly misses whole messages, which the numbers show.
                """,
                "contentType": "application/octet-stream",
                "payload": .members(["type": "string", "format": "binary"]),
            ])
        ]),
        "bindings": handshake(.members(["token": token])),
    ])

    private static let soundOperation: (String, JSONValue) = (
        "sound",
        .members([
            "action": "send",
            "channel": .members(["$ref": "#/channels/listening"]),
            "summary": "Sends the next piece of what the chain plays; none while the engine is stopped.",
            "messages": [.members(["$ref": "#/channels/listening/messages/sound"])],
        ])
    )

    private static let token: JSONValue = .members([
        "type": "string", "description": "The access token, where a header cannot be set.",
    ])

    private static func handshake(_ query: JSONValue) -> JSONValue {
        .members([
            "ws": .members(["method": "GET", "query": .members(["type": "object", "properties": query])])
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
