import ChainModel
import Foundation
import Node
import Testing
import WireFormats

@Suite struct PresetTests {
    @discardableResult
    private func ask(_ bed: TestBed, _ client: RecordingClient, _ fields: String) async throws
        -> RecordingClient.Message
    {
        try await bed.ask(client, "{\(fields)}")
    }

    private func value(_ bed: TestBed, _ client: RecordingClient, _ key: String) async throws -> String? {
        try await bed.ask(client, #"{"type":"get_param","instanceId":"gain#1","paramId":"\#(key)"}"#)["value"]
    }

    private let save =
        #""type":"save_preset","instanceId":"gain#1","presetId":"loud","name":"Loud","#
        + #""params":{"gainDb[0]":6,"mute#0":true}"#

    @Test func aPresetWithValuesIsAppliedAndStored() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await ask(bed, alice, save)
            #expect(ack.type == "preset_save_ack")
            #expect(ack["success"] == true)
            #expect(ack["instanceId"] == "gain#1")
            #expect(ack["presetId"] == "loud")
            try await #expect(value(bed, alice, "gainDb#0") == "6")
            #expect(bob.messages(ofType: "param_update").count == 2)
            #expect(bob.messages(ofType: "preset_list").count == 1)

            let data = try Data(contentsOf: bed.file("presets/gain#1/loud.json"))
            let stored = try JSONDecoder().decode([String: JSONValue].self, from: data)
            #expect(stored["instanceId"] == .string("gain#1"))
            #expect(stored["name"] == .string("Loud"))
            #expect(stored["params"] == .object(["gainDb#0": .string("6"), "mute#0": .string("true")]))
        }
    }

    @Test func aPresetWithoutValuesTakesThoseInForce() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await ask(bed, client, #""type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":-2"#)
            try await ask(bed, client, #""type":"save_preset","instanceId":"gain#1","presetId":"now""#)
            try await ask(bed, client, #""type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":3"#)
            let loaded = try await ask(bed, client, #""type":"load_preset","instanceId":"gain#1","presetId":"now""#)
            #expect(loaded.type == "preset_data")
            #expect(loaded["name"] == "now")
            try await #expect(value(bed, client, "gainDb#0") == "-2")
        }
    }

    @Test func whatAModulePlaysIsMarkedAsChangedAndRemembered() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await ask(bed, alice, save)
            let set = #""type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":"#
            try await ask(bed, alice, set + "1")
            try await ask(bed, alice, set + "2")
            try await ask(bed, alice, set + "6")
            let states = bob.messages(ofType: "preset_state")
            #expect(states.map { $0["changed"] } == [false, true, false])
            #expect(states.allSatisfy { $0["presetId"] == "loud" && $0["instanceId"] == "gain#1" })
            try await ask(bed, alice, set + "1")
            await bed.node.stop()
            try await bed.node.start()
            let list = try await ask(bed, await bed.client("carol"), #""type":"list_presets","instanceId":"gain#1""#)
            #expect(list["loaded"] == "loud")
            #expect(list["changed"] == true)
        }
    }

    @Test func presetsAreComparedWithEachOtherAndWithTheValuesInForce() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await ask(bed, client, save)
            let soft =
                #""type":"save_preset","instanceId":"gain#1","presetId":"soft","params":{"gainDb#0":-6,"gainDb#1":1}"#
            try await ask(bed, client, soft)
            let diff = try await ask(
                bed,
                client,
                #""type":"diff_presets","instanceId":"gain#1","presetId":"loud","otherId":"soft""#
            )
            func difference(_ key: String, _ value: String?, _ other: String?) -> JSONValue {
                var members: [String: JSONValue] = ["paramId": .string(key)]
                members["value"] = value.map(JSONValue.string)
                members["other"] = other.map(JSONValue.string)
                return .object(members)
            }
            let expected = [
                difference("gainDb#0", "6", "-6"), difference("gainDb#1", nil, "1"), difference("mute#0", "true", nil),
            ]
            #expect(diff.json["differences"] == .array(expected))
            let present = try await ask(bed, client, #""type":"diff_presets","instanceId":"gain#1","presetId":"loud""#)
            #expect(present.json["differences"] == .array([difference("gainDb#0", "6", "-6")]))
        }
    }

    @Test func aProfileLoadsThePresetsOfTheModulesThatAreThere() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await ask(bed, client, save)
            try await ask(
                bed,
                client,
                #""type":"save_preset","instanceId":"eq#1","presetId":"bright","params":{"gainDb#0#0":4}"#
            )
            let saved = try await ask(
                bed,
                client,
                #""type":"save_profile","profileId":"night","name":"Night","#
                    + #""modulePresets":{"gain#1":"loud","eq#1":"bright"}"#
            )
            #expect(saved["success"] == true)
            try await bed.ask(client, #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":0}"#)
            try await bed.ask(client, Chains.write(Chains.gain()))
            let bob = await bed.client("bob")
            let loaded = try await ask(bed, client, #""type":"load_profile","profileId":"night""#)
            #expect(loaded.type == "profile_data")
            #expect(loaded.json["absent"] == .array([.string("eq#1")]))
            try await #expect(value(bed, client, "gainDb#0") == "6")
            #expect(bob.messages(ofType: "param_update").count == 2)
            let list = try await ask(bed, client, #""type":"list_profiles""#)
            guard case .array(let profiles) = list.json["profiles"] else { throw CancellationError() }
            #expect(profiles.count == 1)
            // One step back, whatever the profile changed.
            try await bed.ask(client, #"{"type":"undo"}"#)
            try await #expect(value(bed, client, "gainDb#0") == "0")
            try await #expect(ask(bed, client, #""type":"delete_profile","profileId":"night""#)["success"] == true)
            try await #expect(
                ask(bed, client, #""type":"load_profile","profileId":"night""#)["code"] == "unknown_profile")
        }
    }

    @Test func aPresetThatIsGoneIsNoLongerPlayed() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await ask(bed, client, save)
            client.clear()
            let deleted = try await ask(bed, client, #""type":"delete_preset","instanceId":"gain#1","presetId":"loud""#)
            #expect(deleted.type == "preset_delete_ack")
            #expect(deleted["success"] == true)
            #expect(client.messages(ofType: "preset_state").map { $0.json["presetId"] } == [nil])
            #expect(!FileManager.default.fileExists(atPath: bed.file("presets/gain#1/loud.json").path))
            let again = try await ask(bed, client, #""type":"delete_preset","instanceId":"gain#1","presetId":"loud""#)
            #expect(again["code"] == "unknown_preset")
        }
    }

    @Test(arguments: [
        (#""type":"save_preset","instanceId":"gain#1","presetId":"../x""#, "bad_field", "presetId"),
        (#""type":"save_preset","instanceId":"gain#1","presetId":"""#, "bad_field", "presetId"),
        (#""type":"save_preset","instanceId":"gain#1","presetId":"a/b""#, "bad_field", "presetId"),
        (#""type":"save_preset","instanceId":"gone#1","presetId":"x""#, "unknown_instance", "instanceId"),
        (
            #""type":"save_preset","instanceId":"gain#1","presetId":"x","params":{"gainDb#0":99}"#, "out_of_range",
            "params.gainDb#0"
        ),
        (#""type":"load_preset","instanceId":"gain#1","presetId":"none""#, "unknown_preset", "presetId"),
        (#""type":"load_preset","instanceId":"../gain#1","presetId":"x""#, "unknown_preset", "presetId"),
        (#""type":"list_presets","instanceId":"../../etc""#, "bad_field", "instanceId"),
        (
            #""type":"save_profile","profileId":"p","modulePresets":{"gain#1":"none"}"#, "unknown_preset",
            "modulePresets.gain#1"
        ),
        (#""type":"save_profile","profileId":"..","modulePresets":{}"#, "bad_field", "profileId"),
        (#""type":"diff_presets","instanceId":"gain#1","presetId":"none""#, "unknown_preset", "presetId"),
    ])
    func whatIsWrongIsNamedAndNothingIsWritten(_ fields: String, _ code: String, _ field: String) async throws {
        try await TestBed.run { bed in
            let refusal = try await ask(bed, await bed.client(), fields)
            #expect(refusal["code"] == code)
            #expect(refusal["field"] == field)
            #expect(!FileManager.default.fileExists(atPath: bed.file("presets").path))
            #expect(!FileManager.default.fileExists(atPath: bed.file("profiles").path))
        }
    }

    @Test func aNameThatIsTooLongIsRefused() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let preset = #""type":"save_preset","instanceId":"gain#1","presetId":"x","name":"#
            let profile = #""type":"save_profile","profileId":"x","modulePresets":{},"name":"#
            for fields in [preset, profile] {
                let refusal = try await ask(bed, client, fields + "\"\(String(repeating: "é", count: 129))\"")
                #expect(refusal["code"] == "bad_field")
                #expect(refusal["field"] == "name")
                let ack = try await ask(bed, client, fields + "\"\(String(repeating: "é", count: 128))\"")
                #expect(ack["success"] == true)
            }
        }
    }

    @Test func listsAreRightAfterEverySaveAndDelete() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            func expect(_ ids: [String]) async throws {
                let presets = try await ask(bed, client, #""type":"list_presets","instanceId":"gain#1""#)
                #expect(presets.strings("presets", "presetId") == ids)
                let profiles = try await ask(bed, client, #""type":"list_profiles""#)
                #expect(profiles.strings("profiles", "profileId") == ids)
            }
            func save(_ id: String) async throws {
                try await ask(bed, client, #""type":"save_preset","instanceId":"gain#1","presetId":"\#(id)""#)
                try await ask(bed, client, #""type":"save_profile","profileId":"\#(id)","modulePresets":{}"#)
            }
            func delete(_ id: String) async throws {
                try await ask(bed, client, #""type":"delete_preset","instanceId":"gain#1","presetId":"\#(id)""#)
                try await ask(bed, client, #""type":"delete_profile","profileId":"\#(id)""#)
            }
            try await expect([])
            try await save("b")
            try await expect(["b"])
            try await save(".a")
            try await save("b")
            try await expect([".a", "b"])
            try await delete("b")
            try await expect([".a"])
            try await delete(".a")
            try await expect([])
            try await save("c")
            await bed.node.stop()
            try await bed.node.start()
            await bed.node.connect(client)
            try await expect(["c"])
        }
    }

    @Test func aLinkInPlaceOfAFolderIsNotFollowed() async throws {
        let outside = FileManager.default.temporaryDirectory.appending(path: "soundpost-outside-\(UUID())")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: outside) } }
        try Data(#"{"instanceId":"gain#1","presetId":"x","params":{}}"#.utf8).write(
            to: outside.appending(path: "x.json"))
        try await TestBed.run(prepare: { bed in
            let presets = bed.directory.appending(path: "presets")
            try FileManager.default.createDirectory(at: presets, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                at: presets.appending(path: "gain#1"),
                withDestinationURL: outside
            )
        }) { bed in
            let client = await bed.client()
            for fields in [save, #""type":"load_preset","instanceId":"gain#1","presetId":"x""#] {
                try await #expect(ask(bed, client, fields)["code"] == "storage_failed")
            }
            try await #expect(value(bed, client, "gainDb#0") == "0")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["x.json"])
    }
}
