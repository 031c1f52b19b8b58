import ChainModel
import ControlProtocol
import Foundation
import Testing
import WireFormats

@Suite struct MessageSchemaTests {
    private static let documents = Dictionary(
        uniqueKeysWithValues: MessageCatalog.standard.documents.flatMap(\.messages).map { ($0.type, $0) }
    )

    private func schema(of type: String) throws -> JSONValue {
        try #require(Self.documents[type]).schema.json
    }

    private func members(_ file: URL) throws -> [String: JSONValue] {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
        guard case .object(let members) = value else { throw Fixtures.Fault.noObject }
        return members
    }

    @Test func everyMessageHasItsLineAndEveryLineAMessage() {
        let lines = MessageGuide.areas.flatMap(\.messages)
        #expect(Set(lines.map(\.type)) == MessageCatalog.standard.types)
        #expect(Set(lines.map(\.type)).count == lines.count)
        for line in lines {
            #expect(line.summary.hasSuffix("."), "\(line.type)")
        }
    }

    @Test(arguments: Fixtures.files) func fixtureFitsItsSchema(_ file: URL) throws {
        let value = JSONValue.object(try members(file))
        #expect(SchemaValidator.faults(value, try schema(of: Fixtures.type(of: file))) == [])
    }

    @Test(arguments: Fixtures.files) func fixtureWithoutARequiredKeyFailsItsSchema(_ file: URL) throws {
        let schema = try schema(of: Fixtures.type(of: file))
        let whole = try members(file)
        guard case .object(let keywords) = schema, case .array(let required)? = keywords["required"] else {
            Issue.record("no required keys")
            return
        }
        #expect(required.contains("type"))
        for case .string(let key) in required {
            var members = whole
            members[key] = nil
            #expect(!SchemaValidator.faults(.object(members), schema).isEmpty, "without \(key)")
        }
    }

    @Test(arguments: Fixtures.files) func fixtureWithAValueOfAnotherTypeFailsItsSchema(_ file: URL) throws {
        let schema = try schema(of: Fixtures.type(of: file))
        let whole = try members(file)
        guard case .object(let keywords) = schema, case .object(let properties)? = keywords["properties"] else {
            Issue.record("no properties")
            return
        }
        // A schema without keywords takes anything.
        for key in whole.keys where properties[key] != .object([:]) {
            var members = whole
            members[key] = .array([.array([])])
            #expect(!SchemaValidator.faults(.object(members), schema).isEmpty, "\(key)")
        }
    }

    @Test(arguments: documents.keys.sorted()) func exampleFitsItsSchema(_ type: String) throws {
        let document = try #require(Self.documents[type])
        #expect(SchemaValidator.faults(document.example, document.schema.json) == [])
    }

    @Test(arguments: documents.keys.sorted()) func exampleOfARequestIsARequest(_ type: String) throws {
        let document = try #require(Self.documents[type])
        guard case .request = document.part else { return }
        let text = try MessageEncoder().json(document.example)
        #expect(throws: Never.self) { try MessageDecoder().decode(Array(text.utf8)).request.get() }
    }

    @Test func exampleOfAChainIsALegalChain() throws {
        guard case .object(let members) = try #require(Self.documents["write_link"]).example else { return }
        let link = try LinkConfig(json: try #require(members["link"]))
        #expect(throws: Never.self) { try ChainFlattener().flatten(link) }
    }

    @Test func requestsNameTheirAnswersAndEventsCarryNoRequestId() throws {
        #expect(Self.documents["ping"]?.part == .request(answers: ["pong", "error"]))
        #expect(Self.documents["pong"]?.part == .answer)
        #expect(Self.documents["param_update"]?.part == .event)
        #expect(Self.documents["preset_list"]?.part == .answerAndEvent)
        #expect(Self.documents["param_update"]?.schema.properties.contains { $0.name == "requestId" } == false)
        #expect(Self.documents["pong"]?.schema.properties.contains { $0.name == "requestId" } == true)
    }
}
