import ChainModel
import ControlProtocol
import HTTPTypes
import WireFormats

/// The paths as an OpenAPI 3.1 document, made of the routes themselves.
struct OpenAPIDocument: Sendable {
    let routes: [Route]
    let version: String

    var json: JSONValue {
        .members([
            "openapi": "3.1.0",
            "info": .members([
                "title": "Soundpost node",
                "version": .string(version),
                "description": .string(Self.introduction),
                "license": .members(["name": "Apache-2.0", "identifier": "Apache-2.0"]),
            ]),
            "servers": [.members(["url": "/"])],
            "security": [.object([:]), .members(["token": []])],
            "paths": .object(Dictionary(grouping: routes, by: \.path).mapValues(item)),
            "components": .members([
                "securitySchemes": .members(["token": .members(["type": "http", "scheme": "bearer"])]),
                "schemas": .members(["Refusal": Route.Answer.refusalSchema.json]),
                "responses": .object(
                    Dictionary(
                        uniqueKeysWithValues: CommonAnswers.all.map {
                            ($0.name, Self.response($0.summary, bodies: [], codes: $0.codes))
                        }
                    )
                ),
            ]),
        ])
    }

    private static let introduction = """
        What a node answers over plain HTTP. Changes are made over the WebSocket at /ws, which /api/asyncapi.json \
        describes, as it does /ws/audio, over which a browser listens. A refusal is an object of type `error` with a \
        `code` for programs and a `message` for people. The token is asked for when the node has one. HEAD is answered \
        wherever GET is.
        """

    private func item(_ routes: [Route]) -> JSONValue {
        .object(
            Dictionary(uniqueKeysWithValues: routes.map { ($0.method.rawValue.lowercased(), operation($0)) })
        )
    }

    private func operation(_ route: Route) -> JSONValue {
        .members([
            "summary": .string(route.summary),
            "operationId": .string(Self.identifier(of: route)),
            "parameters": route.parameters.isEmpty ? nil : .array(route.parameters.map(parameter)),
            "requestBody": route.body.map { body in
                .members([
                    "description": .string(body.summary),
                    "required": true,
                    "content": .object([body.type: .members(["schema": body.schema.json])]),
                ])
            },
            "responses": responses(of: route),
        ])
    }

    /// `get_api_presets_instanceId`: unlike anything but the same method and path.
    private static func identifier(of route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }
        return ([Substring(route.method.rawValue.lowercased())] + (words.isEmpty ? ["root"] : words))
            .joined(separator: "_")
    }

    private func parameter(_ parameter: Route.Parameter) -> JSONValue {
        .members([
            "name": .string(parameter.name),
            "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.place == .path || parameter.isRequired),
            "description": .string(parameter.summary),
            "schema": parameter.schema.json,
            "example": .string(parameter.example),
        ])
    }

    private func responses(of route: Route) -> JSONValue {
        let common = CommonAnswers.of(route)
        var responses: [String: JSONValue] = [:]
        for answer in common {
            responses["\(answer.status)"] = .members(["$ref": "#/components/responses/\(answer.name)"])
        }
        for (status, answers) in Dictionary(grouping: route.answers, by: \.status) {
            let shared = common.filter { $0.status == status }
            responses["\(status)"] = Self.response(
                (answers.map(\.summary) + shared.map(\.summary)).joined(separator: " "),
                bodies: answers.filter(\.codes.isEmpty).compactMap { answer in
                    answer.type.map { ($0, answer.schema ?? .any) }
                },
                codes: answers.flatMap(\.codes) + shared.flatMap(\.codes)
            )
        }
        return .object(responses)
    }

    /// One answer: bodies of its own, and refusals with these codes.
    private static func response(
        _ summary: String,
        bodies: [(type: String, schema: JSONSchema)],
        codes: [String]
    ) -> JSONValue {
        var schemas = Dictionary(grouping: bodies, by: \.type).mapValues { $0.map(\.schema.json) }
        if !codes.isEmpty {
            schemas["application/json", default: []].append(refusal(codes))
        }
        return .members([
            "description": .string(codes.isEmpty ? summary : "\(summary) Codes: \(codes.joined(separator: ", "))."),
            "content": .object(
                schemas.mapValues { choices in
                    .members(["schema": choices.count == 1 ? choices[0] : .members(["anyOf": .array(choices)])])
                }
            ),
        ])
    }

    private static func refusal(_ codes: [String]) -> JSONValue {
        let distinct = Set(codes).sorted()
        return .members([
            "allOf": [.members(["$ref": "#/components/schemas/Refusal"])],
            "properties": .members(["code": .members(["enum": .array(distinct.map(JSONValue.string))])]),
        ])
    }
}
