import AudioEngine
import ChainModel
import Foundation
import Storage
import Testing

@testable import Node
import WireFormats

/// Chains that are written together with values.
@Suite struct ChainValuesTests {
    private func write(_ module: String, channels: Int = 2, _ values: String) -> String {
        let link = Chains.gain(channels: channels).replacingOccurrences(of: "gain#1", with: module)
        return #"{"type":"write_link","link":\#(link),"values":\#(values)}"#
    }

    private func gains(_ bed: TestBed, _ client: RecordingClient, of module: String) async throws -> [JSONValue?] {
        let answer = try await bed.ask(client, #"{"type":"get_all_params","instanceId":"\#(module)"}"#)
        guard case .object(let params) = answer.json["params"] else { return [] }
        return [params["gainDb#0"], params["gainDb#1"], params["mute#0"]]
    }

    @Test func theyAreThereFromTheFirstSampleOnWhenMadeTakenBackAndMadeAgain() async throws {
        let prepare: (TestBed) throws -> Void = { try TransportTests.writeTone("tone.wav", in: $0) }
        try await TestBed.run(prepare: prepare) { bed in
            let client = await bed.client()
            let quiet = #"{"gainDb#0":-40,"gainDb#1":-40}"#
            try await bed.ask(client, write("gain#1", #"{"gain#1":\#(quiet)}"#))
            let ends = #""input":{"type":"file","path":"tone.wav"},"output":{"type":"file","path":"heard.wav"}"#
            try await bed.ask(client, #"{"type":"sim_start",\#(ends)}"#)
            let ack = try await bed.ask(client, write("gain#2", #"{"gain#2":\#(quiet)}"#))
            #expect(ack["transition"] == "crossfade")
            try await #expect(bed.ask(client, #"{"type":"undo"}"#)["linkChanged"] == true)
            try await #expect(gains(bed, client, of: "gain#1").first == .string("-40"))
            try await #expect(bed.ask(client, #"{"type":"redo"}"#)["linkChanged"] == true)
            try await #expect(gains(bed, client, of: "gain#2").first == .string("-40"))
            try await bed.ask(client, #"{"type":"sim_stop"}"#)

            let path = bed.directory.appending(path: "audio/heard.wav").path(percentEncoded: false)
            let reader = try AudioFileReader(path: path)
            var heard = [Float](repeating: 0, count: 2 * reader.frameCount)
            let count = try heard.withUnsafeMutableBufferPointer { buffer in
                try reader.read(into: buffer.baseAddress!, frames: reader.frameCount)
            }
            #expect(count > 0 && count == reader.frameCount)
            #expect(try #require(heard.map(abs).max()) <= 0.0026, "0.25 at -40 dB is 0.0025")
        }
    }

    @Test func whatIsNotNamedHasItsDefaultWhateverTheIdHadBefore() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await bed.ask(alice, #"{"type":"set_param","instanceId":"gain#1","paramId":"mute#0","value":true}"#)
            bob.clear()
            try await bed.ask(alice, write("gain#1", #"{"gain#1":{"gainDb[1]":"-3"}}"#))
            try await #expect(gains(bed, bob, of: "gain#1") == [.string("0"), .string("-3"), .string("false")])
            let told = bob.messages(ofType: "param_update").map { [$0["paramId"], $0["value"]] as [String?] }
            #expect(Set(told) == [["gainDb#1", "-3"], ["mute#0", "false"]])

            try await bed.ask(alice, write("gain#1", "{}"))
            try await #expect(gains(bed, bob, of: "gain#1")[1] == .string("-3"))
        }
    }

    @Test func chainAndValuesAreOneStepOfTheHistoryAndKeptOverARestart() async throws {
        try await TestBed.run { bed in
            let alice = RecordingClient("ws-1", name: "alice")
            await bed.node.connect(alice)
            let before = await bed.node.link()
            try await bed.ask(alice, write("gain#7", #"{"gain#7":{"gainDb#0":-6,"gainDb#1":-7}}"#))
            await bed.node.stop()
            try await bed.node.start()
            let again = RecordingClient("ws-2", name: "alice")
            await bed.node.connect(again)
            try await #expect(gains(bed, again, of: "gain#7").prefix(2) == [.string("-6"), .string("-7")])
            let history = try await bed.ask(again, #"{"type":"get_history"}"#)
            guard case .array(let entries) = history.json["entries"] else { throw CancellationError() }
            #expect(entries.count == 1)
            try await bed.ask(again, #"{"type":"undo"}"#)
            #expect(await bed.node.link() == before)
            try await #expect(bed.ask(again, #"{"type":"undo"}"#)["code"] == "nothing_to_undo")
        }
    }

    @Test func whenTheChainHasMovedOnItsValuesStayWithIt() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            try await bed.ask(alice, write("gain#7", #"{"gain#7":{"gainDb#0":-6}}"#))
            let bob = await bed.client("bob")
            let moved = Chains.gain().replacingOccurrences(of: "gain#1", with: "gain#7")
                .replacingOccurrences(of: #""name":"Main""#, with: #""name":"Moved""#)
            try await #expect(bed.ask(bob, Chains.write(moved))["success"] == true)
            try await #expect(bed.ask(alice, #"{"type":"undo"}"#)["code"] == "nothing_to_undo")
            try await #expect(gains(bed, alice, of: "gain#7").first == .string("-6"))
        }
    }

    @Test func elementsOfFurtherChannelsWaitForThem() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let values = #"{"gain#1":{"gainDb#0":-1,"gainDb#1":-2}}"#
            try await #expect(bed.ask(client, write("gain#1", channels: 1, values))["success"] == true)
            try await #expect(gains(bed, client, of: "gain#1").prefix(2) == [.string("-1"), nil])
            try await bed.ask(client, Chains.write(Chains.gain()))
            try await #expect(gains(bed, client, of: "gain#1").prefix(2) == [.string("-1"), .string("-2")])
        }
    }

    @Test(arguments: [
        (#"{"gain#9":{}}"#, "unknown_instance", "values.gain#9"),
        (#"{"gain#1":{"gane#0":1}}"#, "unknown_parameter", "values.gain#1.gane#0"),
        (#"{"gain#1":{"gainDb#0":"loud"}}"#, "bad_type", "values.gain#1.gainDb#0"),
        (#"{"gain#1":{"gainDb":1}}"#, "bad_index", "values.gain#1.gainDb"),
        (#"{"gain#1":{"gainDb#0#0":1}}"#, "bad_index", "values.gain#1.gainDb#0#0"),
        (#"{"gain#1":{"gainDb#9":"loud"}}"#, "bad_type", "values.gain#1.gainDb#9"),
        (#"{"gain#1":{"gainDb#0":1,"gainDb[0]":2}}"#, "bad_field", "values.gain#1"),
        (#"{"gain#1":7}"#, "bad_field", "values.gain#1"),
        (#"[]"#, "bad_field", "values"),
    ])
    func aWrongValueIsRefusedWithItsPlaceAndTheChainStays(values: String, code: String, field: String) async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            let before = await bed.node.link()
            let answer = try await bed.ask(client, write("gain#1", values))
            #expect(answer["code"] == .some(code))
            #expect(answer["field"] == .some(field))
            #expect(await bed.node.link() == before)
            #expect(try LinkConfig.decode(try Data(contentsOf: bed.file("current_link.json"))) == before)
        }
    }

    @Test func valuesThatCannotBeKeptTakeTheChainBackWithThem() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            let before = await bed.node.link()
            let refusal = try await bed.withCommitsRefused {
                try await bed.ask(client, write("gain#1", #"{"gain#1":{"gainDb#0":-6}}"#))
            }
            #expect(refusal["code"] == "storage_failed")
            #expect(await bed.node.link() == before)
            #expect(try LinkConfig.decode(try Data(contentsOf: bed.file("current_link.json"))) == before)
            #expect(bed.node.engine.setup?.chain.modules.count == before?.chains["main"]?.nodes.count)
            try await #expect(gains(bed, client, of: "gain#1").first == .string("0"))
        }
    }
}
