import ChainModel
import ControlProtocol
import Foundation
import HTTPTypes
import Testing

@testable import ControlServer
import WireFormats

struct DocumentsTests {
    private func routes() throws -> [Route] {
        Routes(
            backend: ScriptedBackend(),
            live: LiveRules(try ControlServerConfiguration(port: 0)),
            counters: ServerCounters(),
            logger: TestServer.logger
        ).table
    }

    private func members(_ value: JSONValue?) throws -> [String: JSONValue] {
        guard case .object(let members)? = value else { throw TestClient.Fault.unexpected("no object") }
        return members
    }

    private func document() async throws -> JSONValue {
        try JSONDecoder().decode(
            JSONValue.self,
            from: Data(try MessageEncoder().json(OpenAPIDocument(routes: try routes(), version: "9.8.7").json).utf8)
        )
    }

    @Test func everyRouteIsInTheOpenAPIDocumentWithItsAnswers() async throws {
        let document = try members(try await document())
        #expect(document["openapi"] == "3.1.0")
        #expect(try members(document["info"])["version"] == "9.8.7")
        let paths = try members(document["paths"])
        for route in try routes() {
            let operation = try members(try members(paths[route.path])[route.method.rawValue.lowercased()])
            let responses = try members(operation["responses"])
            for answer in route.answers {
                #expect(responses["\(answer.status)"] != nil, "\(route.path) \(answer.status)")
            }
            for common in CommonAnswers.of(route) {
                #expect(responses["\(common.status)"] != nil, "\(route.path) \(common.status)")
            }
        }
    }

    @Test func everyParameterOfAPathIsDescribed() throws {
        for route in try routes() {
            let named = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            #expect(route.parameters.filter { $0.place == .path }.map(\.name) == named, "\(route.path)")
            #expect(route.summary.hasSuffix("."), "\(route.path)")
        }
    }

    @Test func operationsHaveNamesOfTheirOwn() async throws {
        let paths = try members(try members(try await document())["paths"])
        var names: Set<JSONValue> = []
        for item in paths.values {
            for operation in try members(item).values {
                let name = try #require(try members(operation)["operationId"])
                #expect(names.insert(name).inserted)
            }
        }
    }

    @Test func documentsAreServedWithTheirVersion() async throws {
        try await TestServer.run { server in
            for path in ["/api/openapi.json", "/api/asyncapi.json"] {
                let response = try await server.request("GET \(path)")
                #expect(response.status == 200)
                #expect(response.fields["content-type"] == "application/json")
                #expect(response.body.contains("\"version\":\"\(ProductVersion.current)\""))
            }
        }
    }

    @Test func pageShowsEveryMessageAndEveryPathAndLoadsNothingFromElsewhere() async throws {
        try await TestServer.run { server in
            let response = try await server.request("GET /docs")
            #expect(response.status == 200)
            #expect(response.fields["content-security-policy"] == StatusPage.contentSecurityPolicy)
            for type in MessageCatalog.standard.types {
                #expect(response.body.contains("<h3 id=\"\(type)\">"), "\(type)")
            }
            for route in try routes() {
                #expect(response.body.contains(">\(route.method.rawValue) \(route.path)</a></h3>"), "\(route.path)")
            }
            #expect(!response.body.contains("<script"))
            #expect(!response.body.contains("style="))
            #expect(response.body.matches(of: /(src|href)="(https?:)?\/\//).isEmpty)
            #expect(try await server.request("GET /docs.css").fields["content-type"] == "text/css")
        }
    }

    @Test func everyLinkOfThePageLeadsSomewhere() throws {
        let page = DocumentationPage(routes: try routes(), areas: MessageCatalog.standard.documents, version: "1")
        let html = try page.html()
        let ids = html.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
        for link in html.matches(of: /href="#([^"]+)"/) {
            #expect(ids.contains(String(link.1)), "\(link.1)")
        }
    }

    @Test func fieldsInsideOthersHaveTheirPath() {
        let schema = JSONSchema.object([
            .init("list", .array(.object([.init("x", .number, isRequired: false)]))),
            .init("map", .map(.map(.string))),
        ])
        let expected = [
            FieldRows.Row(path: "list", type: "list of objects", isRequired: true),
            FieldRows.Row(path: "list[].x", type: "number", isRequired: false),
            FieldRows.Row(path: "map", type: "object: any key → object: any key → string", isRequired: true),
        ]
        #expect(FieldRows(schema).rows == expected)
    }
}
