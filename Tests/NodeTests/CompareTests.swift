import AudioEngine
import Testing

@testable import Node

@Suite struct CompareTests {
    private func set(_ value: Double, _ bed: TestBed, _ client: RecordingClient) async throws {
        try await bed.ask(
            client, #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb#0","value":\#(value)}"#)
    }

    private func value(_ bed: TestBed, _ client: RecordingClient, _ key: String = "gainDb#0") async throws -> String? {
        try await bed.ask(client, #"{"type":"get_param","instanceId":"gain#1","paramId":"\#(key)"}"#)["value"]
    }

    private func select(_ slot: String, _ bed: TestBed, _ client: RecordingClient) async throws
        -> RecordingClient.Message
    {
        try await bed.ask(client, #"{"type":"compare_select","slot":"\#(slot)"}"#)
    }

    @Test func eachStateKeepsItsValues() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let first = try await bed.ask(alice, #"{"type":"get_compare"}"#)
            #expect(first["active"] == "a" && first["differences"] == 0)
            try await set(-3, bed, alice)
            let copied = try await select("b", bed, alice)
            #expect(copied["active"] == "b" && copied["differences"] == 0)
            try await #expect(value(bed, alice) == "-3")
            try await set(-9, bed, alice)
            bob.clear()
            let back = try await select("a", bed, alice)
            #expect(back["active"] == "a" && back["differences"] == 1)
            try await #expect(value(bed, alice) == "-3")
            #expect(bob.messages(ofType: "param_update").map { $0["value"] } == ["-3"])
            #expect(bob.messages(ofType: "compare_status").count == 1)
            _ = try await select("b", bed, alice)
            try await #expect(value(bed, alice) == "-9")
            // The one in force: nothing happens.
            _ = try await select("b", bed, alice)
            try await #expect(value(bed, alice) == "-9")
        }
    }

    @Test func aChangeOfStateIsOneStepOfTheHistory() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            _ = try await select("b", bed, client)
            try await bed.ask(
                client,
                #"{"type":"apply_params","instanceId":"gain#1","params":{"gainDb#0":-9,"gainDb#1":-8,"mute#0":true}}"#)
            _ = try await select("a", bed, client)
            try await #expect(value(bed, client, "mute#0") == "false")
            let undone = try await bed.ask(client, #"{"type":"undo"}"#)
            #expect(undone["success"] == true)
            try await #expect(value(bed, client) == "-9")
            try await #expect(value(bed, client, "mute#0") == "true")
        }
    }

    @Test func oneStateIsCopiedOverTheOther() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            _ = try await select("b", bed, client)
            try await set(-12, bed, client)
            let status = try await bed.ask(client, #"{"type":"compare_copy","from":"a"}"#)
            #expect(status["differences"] == 0)
            try await #expect(value(bed, client) == "0")
            try await set(-5, bed, client)
            try await bed.ask(client, #"{"type":"compare_copy","from":"b"}"#)
            _ = try await select("a", bed, client)
            try await #expect(value(bed, client) == "-5")
        }
    }

    @Test func systemParametersStayOut() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            _ = try await select("b", bed, client)
            try await bed.ask(
                client, #"{"type":"set_param","instanceId":"gain#1","paramId":"smoothTime","value":50}"#)
            try await set(-1, bed, client)
            try await bed.ask(client, #"{"type":"set_mode","mode":"tuning"}"#)
            let back = try await select("a", bed, client)
            #expect(back.type == "compare_status")
            try await #expect(value(bed, client, "smoothTime") == "50")
        }
    }

    @Test func takingAChangeOfStateBackExchangesTheStates() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await set(-3, bed, client)
            _ = try await select("b", bed, client)
            try await set(-9, bed, client)
            _ = try await select("a", bed, client)
            try await bed.ask(client, #"{"type":"undo"}"#)
            try await #expect(value(bed, client) == "-9")
            let status = try await bed.ask(client, #"{"type":"get_compare"}"#)
            #expect(status["active"] == "b" && status["differences"] == 1)
            try await bed.ask(client, #"{"type":"redo"}"#)
            try await #expect(bed.ask(client, #"{"type":"get_compare"}"#)["active"] == "a")
            _ = try await select("b", bed, client)
            try await #expect(value(bed, client) == "-9")
        }
    }

    @Test func takingACopyBackDoesNot() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            _ = try await select("b", bed, client)
            try await set(-12, bed, client)
            try await bed.ask(client, #"{"type":"compare_copy","from":"a"}"#)
            for step in ["undo", "redo"] {
                try await bed.ask(client, #"{"type":"\#(step)"}"#)
                try await #expect(bed.ask(client, #"{"type":"get_compare"}"#)["active"] == "b")
            }
        }
    }

    @Test func valuesThatTheChainHasNoPlaceForAreLeftOut() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(client, Chains.write(Chains.gain(channels: 4)))
            try await bed.ask(
                client, #"{"type":"apply_params","instanceId":"gain#1","params":{"gainDb#0":-1,"gainDb#3":-4}}"#)
            _ = try await select("b", bed, client)
            try await bed.ask(
                client, #"{"type":"apply_params","instanceId":"gain#1","params":{"gainDb#0":-5,"gainDb#3":-6}}"#)
            try await bed.ask(client, Chains.write(Chains.gain()))
            let status = try await select("a", bed, client)
            #expect(status["active"] == "a" && status["differences"] == 1)
            try await #expect(value(bed, client) == "-1")
        }
    }

    @Test func theLouderStateIsTurnedDownAndThatStaysWithIt() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let both = { (decibels: Int) in
                #"{"type":"apply_params","instanceId":"gain#1","#
                    + #""params":{"gainDb#0":\#(decibels),"gainDb#1":\#(decibels)}}"#
            }
            try await bed.ask(client, Chains.write(Chains.gain()))
            _ = try await select("b", bed, client)
            try await bed.ask(client, both(-9))
            // Until enough was heard to compare.
            while try await select("a", bed, client)["matchDb"] != -9 { _ = try await select("b", bed, client) }
            try await #expect(select("b", bed, client)["matchDb"] == 0)
            try await bed.ask(client, #"{"type":"undo"}"#)
            let status = try await bed.ask(client, #"{"type":"get_compare"}"#)
            #expect(status["active"] == "a" && status["matchDb"] == -9)
            try await bed.ask(client, #"{"type":"set_output","matched":false}"#)
            try await #expect(bed.ask(client, #"{"type":"get_compare"}"#)["matchDb"] == 0)
            try await bed.ask(client, #"{"type":"set_output","matched":true}"#)
            try await #expect(bed.ask(client, #"{"type":"get_compare"}"#)["matchDb"] == 0)
        }
    }
}
