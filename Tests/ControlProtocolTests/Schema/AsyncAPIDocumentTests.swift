import ChainModel
import ControlProtocol
import Testing
import WireFormats

@Suite struct AsyncAPIDocumentTests {
    private let document = AsyncAPIDocument(version: "9.8.7").json

    private func value(at pointer: String, in root: JSONValue) -> JSONValue? {
        pointer.split(separator: "/").dropFirst().reduce(root as JSONValue?) { value, key in
            if case .object(let members)? = value { members[String(key)] } else { nil }
        }
    }

    private func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { key, value in
                if key == "$ref", case .string(let target) = value { [target] } else { references(in: value) }
            }
        case .array(let elements): elements.flatMap(references)
        default: []
        }
    }

    @Test func carriesItsVersions() {
        #expect(value(at: "#/asyncapi", in: document) == "3.0.0")
        #expect(value(at: "#/info/version", in: document) == "9.8.7")
    }

    @Test func everyReferenceLeadsSomewhere() {
        let targets = references(in: document)
        #expect(targets.count > 200)
        for target in Set(targets) {
            #expect(value(at: target, in: document) != nil, "\(target)")
        }
    }

    @Test func requestIsReceivedAndHasItsReply() {
        #expect(value(at: "#/operations/set_param/action", in: document) == "receive")
        let reply = value(at: "#/operations/set_param/reply/messages", in: document)
        let expected: JSONValue = [
            .members(["$ref": "#/channels/control/messages/set_param_ack"]),
            .members(["$ref": "#/channels/control/messages/error"]),
        ]
        #expect(reply == expected)
    }

    @Test func soundIsSentOnAChannelOfItsOwn() {
        #expect(value(at: "#/channels/listening/address", in: document) == "/ws/audio")
        #expect(value(at: "#/operations/sound/action", in: document) == "send")
        #expect(value(at: "#/channels/listening/messages/sound/payload/format", in: document) == "binary")
    }

    @Test func eventIsSentAndAnAnswerIsNoOperation() {
        #expect(value(at: "#/operations/param_update/action", in: document) == "send")
        #expect(value(at: "#/operations/pong", in: document) == nil)
        #expect(value(at: "#/components/messages/pong/payload", in: document) != nil)
    }
}
