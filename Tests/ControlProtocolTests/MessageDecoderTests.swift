import ControlProtocol
import Testing

@Suite struct MessageDecoderTests {
    private let decoder = MessageDecoder()

    private func decode(_ text: String) -> IncomingMessage {
        decoder.decode(Array(text.utf8))
    }

    private func error(_ text: String) -> ControlError? {
        guard case .failure(let error) = decode(text).request else { return nil }
        return error
    }

    @Test func decodesARequestAndItsId() throws {
        let message = decode(
            #"{"type":"set_param","instanceId":"gain#1","paramId":"mute","value":true,"requestId":"x"}"#)
        let request = try #require(try message.request.get() as? SetParameter)
        #expect(request == SetParameter(instanceId: "gain#1", paramId: "mute", value: .bool(true)))
        #expect(message.requestID == .string("x"))
    }

    @Test(arguments: [
        (#"1"#, JSONScalar.number(1)), ("-3.5", .number(-3.5)), ("true", .bool(true)), (#""-3.5""#, .string("-3.5")),
        (#""true""#, .string("true")), ("0", .number(0)), ("false", .bool(false)),
    ])
    func valuesKeepTheirJSONType(_ json: String, _ expected: JSONScalar) throws {
        let message = decode(#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":\#(json)}"#)
        #expect(try (message.request.get() as? SetParameter)?.value == expected)
    }

    @Test func requestIdSurvivesAFaultyRequest() {
        #expect(decode(#"{"type":"set_param","requestId":12}"#).requestID == .number(12))
        #expect(decode(#"{"type":"nonsense","requestId":"q"}"#).requestID == .string("q"))
        #expect(decode(#"{"requestId":"q"}"#).requestID == .string("q"))
    }

    @Test(arguments: [
        (#"{"type":"set_param","instanceId":5,"paramId":"p","value":1}"#, "instanceId"),
        (#"{"type":"set_param","instanceId":null,"paramId":"p","value":1}"#, "instanceId"),
        (#"{"type":"set_param","paramId":"p","value":1}"#, "instanceId"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":["p"],"value":1}"#, "paramId"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p"}"#, "value"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":null}"#, "value"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":{}}"#, "value"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":1,"channel":"0"}"#, "channel"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":1,"channel":0.5}"#, "channel"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":1,"channel":1e30}"#, "channel"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":1,"dimIndices":3}"#, "dimIndices"),
        (#"{"type":"set_param","instanceId":"a#1","paramId":"p","value":1,"dimIndices":[0,"1"]}"#, "dimIndices[1]"),
        (#"{"type":"apply_params","instanceId":"a#1","params":[1]}"#, "params"),
        (#"{"type":"apply_params","instanceId":"a#1","params":{"x":[]}}"#, "params.x"),
        (#"{"type":"debug_subscribe","intervalMs":"fast"}"#, "intervalMs"),
        (#"{"type":"sim_start","input":{"type":"tape"}}"#, "input.type"),
        (#"{"type":"sim_start","input":"file"}"#, "input"),
        (#"{"type":"write_link"}"#, "link"),
        (#"{"type":"set_mode","mode":"dancing"}"#, "mode"),
        (#"{"type":"save_preset","instanceId":"gain#1","presetId":"a","params":{"mute":{}}}"#, "params.mute"),
        (#"{"type":"save_profile","profileId":"a","modulePresets":{"gain#1":3}}"#, "modulePresets.gain#1"),
        (#"{"type":"get_history","limit":0.5}"#, "limit"),
        (#"{"type":"write_link","link":[]}"#, "link"),
        (#"{"type":"ping","requestId":true}"#, "requestId"),
        (#"{"type":"ping","requestId":1.5}"#, "requestId"),
        (#"{"type":7}"#, "type"),
        (#"{}"#, "type"),
    ])
    func wrongFieldIsNamed(_ text: String, _ field: String) {
        #expect(error(text)?.code == .badField)
        #expect(error(text)?.field == field)
    }

    @Test(arguments: [
        "", " ", "{", "[]", "\"ping\"", "5", "null", "{\"type\":\"ping\"", "{\"type\":\"ping\"}x", "\u{FEFF}",
        #"{"type":"set_param","instanceId":"a#1","paramId":"p","value":1e999}"#,
        #"{"type":"ping","type":"ping"}"#,
    ])
    func whatIsNoJSONObjectIsBadJSON(_ text: String) {
        #expect(error(text)?.code == .badJSON)
    }

    @Test func invalidUTF8IsBadJSON() {
        guard case .failure(let error) = decoder.decode([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D]).request else {
            Issue.record("accepted")
            return
        }
        #expect(error.code == .badJSON)
    }

    @Test func unknownAndUnofferedTypesDiffer() {
        #expect(error(#"{"type":"dance"}"#)?.code == .unknownType)
        #expect(error(#"{"type":"set_ambiance"}"#)?.code == .unsupported)
        #expect(error(#"{"type":"set_ambiance"}"#)?.message.contains("set_ambiance") == true)
    }

    @Test func unknownFieldsAreAllowed() throws {
        #expect(error(#"{"type":"ping","extra":{"a":[1]}}"#) == nil)
    }

    @Test func aHugeTypeIsNotEchoedWhole() {
        let message = error(#"{"type":"\#(String(repeating: "z", count: 10_000))"}"#)?.message
        #expect((message?.utf8.count ?? .max) < 200)
    }
}
