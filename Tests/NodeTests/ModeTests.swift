import ControlProtocol
import Node
import Testing

@Suite struct ModeTests {
    private func mode(_ mode: WorkMode) -> String { #"{"type":"set_mode","mode":"\#(mode.rawValue)"}"# }

    @Test func aModeIsToldToEveryone() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let answer = try await bed.ask(alice, mode(.tuning))
            #expect(answer.type == "mode_changed")
            #expect(answer["mode"] == "tuning")
            #expect(bob.messages.map(\.type) == ["mode_changed", "dsp_status"])
            #expect(bob.messages.allSatisfy { $0["mode"] == "tuning" })
            #expect(await bed.node.status()?.mode == .tuning)
            let wrong = try await bed.ask(alice, #"{"type":"set_mode","mode":"party"}"#)
            #expect(wrong["code"] == "bad_field")
            #expect(wrong["field"] == "mode")
        }
    }

    private static let chain = Chains.write(Chains.gain())
    private static let tunable = #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":-1}"#
    private static let system = #"{"type":"set_param","instanceId":"gain#1","paramId":"enable","value":false}"#
    private static let start = #"{"type":"sim_start"}"#
    private static let read = #"{"type":"get_param","instanceId":"gain#1","paramId":"gainDb"}"#

    /// The document's permission table.
    @Test(arguments: [
        (WorkMode.chainBuilder, chain, true), (.tuning, chain, false), (.testVerify, chain, false),
        (.legacy, chain, false),
        (.chainBuilder, tunable, true), (.tuning, tunable, true), (.testVerify, tunable, true),
        (.legacy, tunable, false),
        (.chainBuilder, system, true), (.tuning, system, false), (.testVerify, system, true), (.legacy, system, false),
        (.chainBuilder, start, true), (.tuning, start, true), (.testVerify, start, true), (.legacy, start, false),
        (.chainBuilder, read, true), (.tuning, read, true), (.testVerify, read, true), (.legacy, read, true),
    ])
    func eachModeAllowsWhatTheTableSays(_ mode: WorkMode, _ request: String, _ isAllowed: Bool) async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(client, self.mode(mode))
            let answer = try await bed.ask(client, request)
            let code: String? = answer["code"]
            #expect(code == (isAllowed ? nil : "mode_refused"))
        }
    }

    @Test func enteringLegacyEndsTheSimulation() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            try await bed.ask(client, mode(.legacy))
            #expect(await bed.node.status()?.simRunning == false)
            #expect(client.messages(ofType: "sim_status").map { $0["running"] } == [false])
        }
    }

    @Test func aPresetWithAnUnchangedSystemValueLoadsInTuning() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(client, #"{"type":"save_preset","instanceId":"gain#1","presetId":"all"}"#)
            try await bed.ask(client, mode(.tuning))
            try await bed.ask(client, Self.tunable)
            let loaded = try await bed.ask(client, #"{"type":"load_preset","instanceId":"gain#1","presetId":"all"}"#)
            #expect(loaded.type == "preset_data")
        }
    }

    @Test func historyDoesNotReachAroundTheMode() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(client, Self.system)
            try await bed.ask(client, mode(.tuning))
            try await #expect(bed.ask(client, #"{"type":"undo"}"#)["code"] == "mode_refused")
            try await bed.ask(client, mode(.chainBuilder))
            try await bed.ask(client, Self.chain)
            try await bed.ask(client, mode(.tuning))
            try await #expect(bed.ask(client, #"{"type":"undo"}"#)["code"] == "mode_refused")
            try await bed.ask(client, mode(.chainBuilder))
            try await #expect(bed.ask(client, #"{"type":"undo"}"#)["success"] == true)
        }
    }
}
