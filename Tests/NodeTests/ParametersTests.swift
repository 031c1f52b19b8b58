import ChainModel
import Node
import Testing
import WireFormats

@Suite struct ParametersTests {
    @Test(arguments: [
        (#""paramId":"gainDb","value":-3.5"#, "gainDb#0", "-3.5"),
        (#""paramId":"gainDb","value":-3.5,"channel":1"#, "gainDb#1", "-3.5"),
        (#""paramId":"gainDb","value":"-3.5","dimIndices":[1]"#, "gainDb#1", "-3.5"),
        (#""paramId":"gainDb#1","value":"0.1""#, "gainDb#1", "0.1"),
        (#""paramId":"gainDb[1]","value":6"#, "gainDb#1", "6"),
        (#""paramId":"gainDb[1]","value":6,"channel":1,"dimIndices":[1]"#, "gainDb#1", "6"),
        (#""paramId":"mute","value":true"#, "mute#0", "true"),
        (#""paramId":"mute","value":"false""#, "mute#0", "false"),
        (#""paramId":"smoothTime","value":50,"channel":0"#, "smoothTime", "50"),
        (#""paramId":"enable","value":false"#, "enable", "false"),
    ])
    func aValueIsStoredUnderItsCanonicalKey(_ fields: String, _ key: String, _ text: String) async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await bed.ask(alice, #"{"type":"set_param","instanceId":"gain#1",\#(fields)}"#)
            #expect(ack.type == "set_param_ack")
            #expect(ack["success"] == true)
            #expect(ack["paramId"] == key)
            #expect(ack["instanceId"] == "gain#1")

            let update = try #require(bob.messages.first)
            #expect(bob.messages.count == 1)
            #expect(update.type == "param_update")
            #expect(update["instanceId"] == "gain#1")
            #expect(update["paramId"] == key)
            #expect(update["value"] == text)
            #expect(alice.messages(ofType: "param_update").isEmpty)

            let read = try await bed.ask(bob, #"{"type":"get_param","instanceId":"gain#1","paramId":"\#(key)"}"#)
            #expect(read["value"] == text)
            let all = try await bed.ask(bob, #"{"type":"get_module_params","instanceId":"gain#1"}"#)
            #expect(all.json["params"] == .object([key: .string(text)]))
        }
    }

    @Test func theAliasSetsTheSameParameter() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let ack = try await bed.ask(
                client,
                #"{"type":"set_params","instanceId":"gain#1","paramId":"gainDb","value":-1}"#
            )
            #expect(ack.type == "set_param_ack")
            #expect(ack["success"] == true)
        }
    }

    @Test func enumerationsTakeNameAndNumberAndAreStoredByName() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            for value in [#""highShelf""#, "2", #""2""#] {
                let set =
                    #"{"type":"set_param","instanceId":"eq#1","paramId":"type","dimIndices":[0,3],"value":\#(value)}"#
                try await #expect(bed.ask(client, set)["paramId"] == "type#0#3")
                let read = try await bed.ask(
                    client, #"{"type":"get_param","instanceId":"eq#1","paramId":"type[0][3]"}"#)
                #expect(read["value"] == "highShelf")
            }
        }
    }

    @Test func delayInMillisecondsAndCentimetresIsStoredInSamples() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let ms = #"{"type":"set_param","instanceId":"delay#1","paramId":"delayMs","channel":1,"value":2}"#
            try await #expect(bed.ask(client, ms)["paramId"] == "delaySamples#1")
            let cm = #"{"type":"set_param","instanceId":"delay#1","paramId":"delayCm","value":"34.3"}"#
            try await #expect(bed.ask(client, cm)["paramId"] == "delaySamples#0")
            let all = try await bed.ask(client, #"{"type":"get_module_params","instanceId":"delay#1"}"#)
            #expect(all.json["params"] == .object(["delaySamples#0": .string("48"), "delaySamples#1": .string("96")]))
        }
    }

    @Test(arguments: [
        (#""instanceId":"gain#9","paramId":"gainDb","value":1"#, "unknown_instance", "instanceId"),
        (#""instanceId":"../../etc","paramId":"gainDb","value":1"#, "unknown_instance", "instanceId"),
        (#""instanceId":"gain#1","paramId":"loudness","value":1"#, "unknown_parameter", "paramId"),
        (#""instanceId":"gain#1","paramId":"","value":1"#, "bad_key", "paramId"),
        (#""instanceId":"gain#1","paramId":"gainDb#x","value":1"#, "bad_key", "paramId"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":1,"channel":2"#, "bad_index", "channel"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":1,"channel":-1"#, "bad_index", "channel"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":1,"channel":9223372036854775807"#, "bad_index", "channel"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":1,"dimIndices":[0,0]"#, "bad_index", "dimIndices"),
        (#""instanceId":"gain#1","paramId":"gainDb#7","value":1"#, "bad_index", "paramId"),
        (#""instanceId":"gain#1","paramId":"smoothTime","value":1,"channel":1"#, "bad_index", "channel"),
        (#""instanceId":"gain#1","paramId":"gainDb#0","value":1,"channel":1"#, "bad_field", "channel"),
        (
            #""instanceId":"gain#1","paramId":"gainDb","value":1,"channel":0,"dimIndices":[1]"#, "bad_field",
            "dimIndices"
        ),
        (#""instanceId":"gain#1","paramId":"gainDb","value":25"#, "out_of_range", "value"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":-121"#, "out_of_range", "value"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":1e300"#, "out_of_range", "value"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":true"#, "bad_type", "value"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":"loud""#, "bad_type", "value"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":"nan""#, "bad_type", "value"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":"inf""#, "bad_type", "value"),
        (#""instanceId":"gain#1","paramId":"mute","value":2"#, "bad_type", "value"),
        (#""instanceId":"gain#1","paramId":"mute","value":"True""#, "bad_type", "value"),
        (#""instanceId":"delay#1","paramId":"delaySamples","value":1.5"#, "bad_type", "value"),
        (#""instanceId":"delay#1","paramId":"delaySamples","value":96001"#, "out_of_range", "value"),
        (#""instanceId":"delay#1","paramId":"delayMs","value":1e12"#, "out_of_range", "value"),
        (#""instanceId":"eq#1","paramId":"freq","dimIndices":[0,0],"value":24000"#, "out_of_range", "value"),
        (#""instanceId":"eq#1","paramId":"type","dimIndices":[0,0],"value":"wobble""#, "out_of_range", "value"),
        (#""instanceId":"eq#1","paramId":"freq","dimIndices":[0,20],"value":1000"#, "bad_index", "dimIndices"),
        (#""instanceId":"gain#1","paramId":"gainDb","value":1,"device":"main""#, "unknown_device", "device"),
    ])
    func aValueThatDoesNotFitIsRefusedAndChangesNothing(
        _ fields: String,
        _ code: String,
        _ field: String
    ) async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await bed.ask(alice, #"{"type":"set_param",\#(fields)}"#)
            #expect(ack.type == "set_param_ack")
            #expect(ack["success"] == false)
            #expect(ack["code"] == code)
            #expect(ack["field"] == field)
            #expect((ack["error"] ?? "").isEmpty == false)
            #expect(bob.messages.isEmpty)
            #expect(await bed.node.status()?.paramCount == 0)
        }
    }

    @Test func readingAnUnsetParameterGivesItsDefault() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            for (instance, parameter, value) in [
                ("gain#1", "gainDb", "0"), ("gain#1", "enable", "true"), ("eq#1", "type", "peaking"),
                ("eq#1", "freq", "1000"), ("limiter#1", "ceilingDb", "-0.3"),
            ] {
                let ask = #"{"type":"get_param","instanceId":"\#(instance)","paramId":"\#(parameter)"}"#
                try await #expect(bed.ask(client, ask)["value"] == value)
            }
        }
    }

    @Test(arguments: [
        (#"{"type":"get_param","instanceId":"gain#9","paramId":"gainDb"}"#, "get_param_ack", "unknown_instance"),
        (#"{"type":"get_param","instanceId":"gain#1","paramId":"x"}"#, "get_param_ack", "unknown_parameter"),
        (#"{"type":"get_param","instanceId":"gain#1","paramId":"gainDb#5"}"#, "get_param_ack", "bad_index"),
        (#"{"type":"get_module_params","instanceId":"gain#9"}"#, "error", "unknown_instance"),
    ])
    func readingWhatIsNotThereIsRefused(_ request: String, _ type: String, _ code: String) async throws {
        try await TestBed.run { bed in
            let answer = try await bed.ask(await bed.client(), request)
            #expect(answer.type == type)
            #expect(answer["code"] == code)
        }
    }

    @Test func aBatchTellsTheOthersEveryKey() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await bed.ask(
                alice,
                #"{"type":"apply_params","instanceId":"gain#1","#
                    + #""params":{"gainDb#0":"-3.5","gainDb[1]":-4,"mute#0":false}}"#
            )
            #expect(ack["success"] == true)
            #expect(ack["instanceId"] == "gain#1")
            #expect(bob.messages.compactMap { $0["paramId"] as String? } == ["gainDb#0", "gainDb#1", "mute#0"])
            #expect(bob.messages.compactMap { $0["value"] as String? } == ["-3.5", "-4", "false"])
        }
    }

    @Test(arguments: [
        (#"{"gainDb#0":-1,"gainDb#7":-1}"#, "bad_index", "params.gainDb#7"),
        (#"{"gainDb#0":-1,"mute#0":"perhaps"}"#, "bad_type", "params.mute#0"),
        (#"{"gainDb#0":-1,"gainDb#1":99}"#, "out_of_range", "params.gainDb#1"),
        (#"{"gainDb#0":-1,"volume":1}"#, "unknown_parameter", "params.volume"),
        (#"{"gainDb#0":-1,"gainDb":1}"#, "bad_index", "params.gainDb"),
        (#"{"gainDb#0":-1,"gainDb[0]":1}"#, "bad_field", "params"),
        (#"{"gainDb#0":-1,"gain Db":1}"#, "bad_key", "params.gain Db"),
    ])
    func aBatchWithOneBadValueChangesNothing(_ params: String, _ code: String, _ field: String) async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await bed.ask(alice, #"{"type":"apply_params","instanceId":"gain#1","params":\#(params)}"#)
            #expect(ack.type == "apply_params_ack")
            #expect(ack["success"] == false)
            #expect(ack["code"] == code)
            #expect(ack["field"] == field)
            #expect(bob.messages.isEmpty)
            #expect(await bed.node.status()?.paramCount == 0)
        }
    }

    @Test func aRunningEngineTakesEveryKindOfValue() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            for request in [
                #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":-6}"#,
                #"{"type":"set_param","instanceId":"gain#1","paramId":"mute","value":true}"#,
                #"{"type":"set_param","instanceId":"gain#1","paramId":"enable","value":false}"#,
                #"{"type":"set_param","instanceId":"delay#1","paramId":"delayMs","value":3}"#,
                #"{"type":"set_param","instanceId":"eq#1","paramId":"type","value":"notch"}"#,
                #"{"type":"set_param","instanceId":"limiter#1","paramId":"lookaheadMs","value":3}"#,
                #"{"type":"apply_params","instanceId":"eq#1","#
                    + #""params":{"freq#0#0":500,"q#0#0":2,"bandEnable#0#0":true}}"#,
            ] {
                try await #expect(bed.ask(client, request)["success"] == true, "\(request)")
            }
            #expect(await bed.node.status()?.simRunning == true)
        }
    }
}
