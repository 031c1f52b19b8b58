import ChainModel
import ControlProtocol
import Foundation
import Testing
import WireFormats

@Suite struct MessageCatalogTests {
    private let catalog = MessageCatalog.standard

    /// Everything that may travel, by wire name.
    private var all: [String: any ControlMessage.Type] {
        var types: [String: any ControlMessage.Type] = [:]
        for request in catalog.requests {
            types[request.type] = request
            let response = responseType(of: request)
            types[response.type] = response
        }
        for event in catalog.events {
            types[event.type] = event
        }
        return types
    }

    private func responseType<Request: ControlRequest>(of request: Request.Type) -> any ControlMessage.Type {
        Request.Response.self
    }

    @Test func wireNamesAreUniqueAndSnakeCase() {
        var seen: [String: ObjectIdentifier] = [:]
        var types: [any ControlMessage.Type] = catalog.requests.map { $0 as any ControlMessage.Type }
        types += catalog.requests.map { responseType(of: $0) }
        types += catalog.events.map { $0 as any ControlMessage.Type }
        for type in types {
            if let other = seen.updateValue(ObjectIdentifier(type), forKey: type.type) {
                #expect(other == ObjectIdentifier(type), "Two messages are called \(type.type)")
            }
            #expect(type.type.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(type.type)")
        }
        #expect(seen.count > 25)
    }

    @Test func everyMessageHasAFixtureAndEveryFixtureAMessage() {
        #expect(Set(Fixtures.files.map(Fixtures.type(of:))) == Set(all.keys))
    }

    @Test(arguments: Fixtures.files) func fixtureRoundTrips(_ file: URL) throws {
        let data = try Data(contentsOf: file)
        let golden = try JSONDecoder().decode(JSONValue.self, from: data)
        let type = Fixtures.type(of: file)
        guard case .object(let members) = golden else {
            Issue.record("no object")
            return
        }
        #expect(members["type"] == .string(type))
        let message = try #require(all[type])
        let text = try reencoded(message, data)
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) == golden)
    }

    private func reencoded<Message: ControlMessage>(_ type: Message.Type, _ data: Data) throws -> String {
        let message = try JSONDecoder().decode(Message.self, from: data)
        let requestID = try JSONDecoder().decode(RequestMark.self, from: data).requestId
        return try MessageEncoder().text(message, requestID: requestID)
    }

    @Test func requestsOfTheProtocolThatAreNotOfferedAreUnsupported() {
        for name in ["connect_dsp", "set_ambiance", "legacy_set_param", "route", "monitor_set"] {
            #expect(throws: ControlError(.unsupported, "This node does not offer \(name).", field: "type")) {
                _ = try catalog.request(named: name)
            }
        }
    }

    @Test func aliasFindsItsRequest() throws {
        #expect(try catalog.request(named: "set_params") == SetParameter.self)
    }
}

private struct RequestMark: Decodable {
    var requestId: RequestID?
}
