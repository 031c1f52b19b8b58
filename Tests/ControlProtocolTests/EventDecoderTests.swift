import ChainModel
import ControlProtocol
import Foundation
import Testing

@Suite struct EventDecoderTests {
    private let decoder = EventDecoder()

    private func decode(_ text: String) throws -> NodeMessage {
        try decoder.decode(Array(text.utf8))
    }

    @Test func readsAnEvent() throws {
        let message = try decode(#"{"type":"param_update","instanceId":"gain#1","paramId":"gainDb#0","value":"-3"}"#)
        #expect(message.type == "param_update")
        #expect(message.requestID == nil)
        #expect(message.refusal == nil)
        let event = decoder.event(in: message)
        #expect(event as? ParameterUpdate == ParameterUpdate(instanceId: "gain#1", paramId: "gainDb#0", value: "-3"))
    }

    @Test func readsAnAnswer() throws {
        let message = try decode(#"{"type":"pong","requestId":7,"timestamp":12}"#)
        #expect(message.requestID == .number(7))
        #expect(try message.decode(Pong.self) == Pong(timestamp: 12))
    }

    @Test func bothWaysOfRefusingAreOne() throws {
        let expected = ControlError(.init(rawValue: "out_of_range"), "too loud", field: "value")
        let error = try decode(
            #"{"type":"error","requestId":1,"code":"out_of_range","message":"too loud","field":"value"}"#
        )
        #expect(error.refusal == expected)
        let ack = try decode(
            #"{"type":"set_param_ack","success":false,"error":"too loud","code":"out_of_range","field":"value"}"#
        )
        #expect(ack.refusal == expected)
        #expect(try decode(#"{"type":"set_param_ack","success":false}"#).refusal?.code == .internalError)
        #expect(try decode(#"{"type":"set_param_ack","success":true}"#).refusal == nil)
    }

    @Test func whatANewerNodeSendsIsNoEventButNoError() throws {
        #expect(decoder.event(in: try decode(#"{"type":"weather","rain":true}"#)) == nil)
        #expect(decoder.event(in: try decode(#"{"type":"mode_changed","mode":"sleeping"}"#)) == nil)
    }

    @Test func fieldsThatDoNotFitAreNamed() throws {
        let message = try decode(#"{"type":"pong","timestamp":"late"}"#)
        let error = #expect(throws: ControlError.self) { try message.decode(Pong.self) }
        #expect(error?.field == "timestamp")
    }

    @Test(arguments: ["", "nonsense", "[]", "{}", #"{"type":7}"#, #"{"type":"pong""#, "\u{1}"])
    func whatIsNoMessageIsRefused(_ text: String) {
        #expect(throws: ControlError.self) { try decode(text) }
    }

    @Test func limitsHold() {
        let deep = #"{"type":"x","y":"# + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}"
        #expect(throws: ControlError.self) { try decode(deep) }
        let small = EventDecoder(limits: JSONGuard(maximumBytes: 10))
        #expect(throws: ControlError.self) { try small.decode(Array(#"{"type":"pong"}"#.utf8)) }
    }

    @Test(
        arguments: Fixtures.files.filter {
            ["dsp_status", "debug_metrics", "log_stream"].contains(Fixtures.type(of: $0))
        })
    func goldenEventsAreEvents(_ file: URL) throws {
        let message = try decoder.decode(Array(Data(contentsOf: file)))
        if message.requestID == nil {
            #expect(decoder.event(in: message) != nil)
        }
    }
}
