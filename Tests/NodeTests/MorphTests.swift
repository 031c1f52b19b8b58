import Node
import Testing

@Suite struct MorphTests {
    private func prepared(_ body: (TestBed, RecordingClient) async throws -> Void) async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            for (id, params) in [
                ("dark", #""freq#0#0":100,"gainDb#0#0":-6,"bandEnable#0#0":true,"type#0#0":"lowShelf""#),
                ("bright", #""freq#0#0":10000,"gainDb#0#0":6,"bandEnable#0#0":false,"type#0#0":"highShelf","q#0#0":2"#),
            ] {
                let ack = try await bed.ask(
                    client,
                    #"{"type":"save_preset","instanceId":"eq#1","presetId":"\#(id)","params":{\#(params)}}"#)
                #expect(ack["success"] == true)
            }
            try await body(bed, client)
        }
    }

    private func morph(_ position: String, _ bed: TestBed, _ client: RecordingClient) async throws
        -> RecordingClient.Message
    {
        try await bed.ask(
            client,
            #"{"type":"morph_presets","instanceId":"eq#1","fromId":"dark","toId":"bright","position":\#(position)}"#)
    }

    private func value(_ key: String, _ bed: TestBed, _ client: RecordingClient) async throws -> String? {
        try await bed.ask(client, #"{"type":"get_param","instanceId":"eq#1","paramId":"\#(key)"}"#)["value"]
    }

    @Test func frequenciesGoByRatioAndLevelsByDecibels() async throws {
        try await prepared { bed, client in
            let ack = try await morph("0.5", bed, client)
            #expect(ack.type == "morph_presets_ack" && ack["success"] == true)
            try await #expect(value("freq#0#0", bed, client) == "1000")
            try await #expect(value("gainDb#0#0", bed, client) == "0")
            try await #expect(value("bandEnable#0#0", bed, client) == "false")
            try await #expect(value("type#0#0", bed, client) == "highShelf")
            _ = try await morph("0.25", bed, client)
            try await #expect(value("gainDb#0#0", bed, client) == "-3")
            try await #expect(value("type#0#0", bed, client) == "lowShelf")
        }
    }

    @Test func theEndsAreThePresets() async throws {
        try await prepared { bed, client in
            _ = try await morph("0", bed, client)
            try await #expect(value("freq#0#0", bed, client) == "100")
            _ = try await morph("1", bed, client)
            try await #expect(value("freq#0#0", bed, client) == "10000")
            try await #expect(value("bandEnable#0#0", bed, client) == "false")
        }
    }

    @Test func aGlideIsOneStepOfTheHistory() async throws {
        try await prepared { bed, client in
            _ = try await morph("0", bed, client)
            for position in ["0.1", "0.35", "0.8"] { _ = try await morph(position, bed, client) }
            try await bed.ask(client, #"{"type":"undo"}"#)
            // Before the glide the second preset had been saved, and was in force.
            try await #expect(value("freq#0#0", bed, client) == "10000")
        }
    }

    @Test(arguments: [("1.5", "position"), ("-0.1", "position")])
    func aPlaceOutsideIsRefused(_ position: String, _ field: String) async throws {
        try await prepared { bed, client in
            let refusal = try await morph(position, bed, client)
            #expect(refusal["success"] == false && refusal["field"] == field)
        }
    }

    @Test func presetsThatAreNotThereAreRefused() async throws {
        try await prepared { bed, client in
            let refusal = try await bed.ask(
                client,
                #"{"type":"morph_presets","instanceId":"eq#1","fromId":"dark","toId":"gone","position":0.5}"#)
            #expect(refusal["success"] == false && refusal["code"] == "unknown_preset")
        }
    }
}
