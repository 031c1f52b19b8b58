import ControlProtocol
import Node
import Testing

@Suite struct SessionTests {
    @Test func statusIsTheFirstThingAClientHears() async throws {
        try await TestBed.run { bed in
            let client = RecordingClient("alice")
            await bed.node.connect(client)
            let greeting = try #require(client.messages.first)
            #expect(greeting.type == "dsp_status")
            #expect(greeting["simRunning"] == false)
            #expect(greeting["mode"] == "chain_builder")
            #expect(greeting["sampleRate"] == 48000)
            #expect(greeting["channels"] == 2)
            #expect(greeting.priority == .acknowledgement)
        }
    }

    @Test func pingIsAnsweredWithTheTimeAndTheRequestId() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            await bed.send(#"{"type":"ping","requestId":41}"#, from: client)
            #expect(client.messages.count == 1)
            #expect(client.messages.first?.type == "pong")
            #expect(client.messages.first?["requestId"] == 41)
            #expect(client.messages.first?["timestamp"] == 1_700_000_000_000)
        }
    }

    @Test(arguments: [
        (#"{"type":"dance"}"#, "unknown_type"), (#"{"type":"set_ambiance","ambianceIndex":0}"#, "unsupported"),
        (#"{"type":"legacy_connect"}"#, "unsupported"), ("nonsense", "bad_json"), ("", "bad_json"), ("[]", "bad_json"),
        (#"{"type":"set_param","instanceId":1}"#, "bad_field"),
    ])
    func whatCannotBeReadIsAnErrorAndTheConnectionLives(_ text: String, _ code: String) async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            await bed.send(text, from: client)
            #expect(client.messages.map(\.type) == ["error"])
            #expect(client.messages.first?["code"] == code)
            try await #expect(bed.ask(client, #"{"type":"ping"}"#).type == "pong")
        }
    }

    @Test func deepAndHugeMessagesAreRefusedBeforeTheyAreDecoded() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let deep = #"{"type":"ping","x":"# + String(repeating: "[", count: 500_000)
            await bed.send(deep, from: client)
            await bed.send([UInt8](repeating: 0x20, count: 2 << 20), from: client)
            #expect(client.messages.map { $0["code"] } == ["too_deep", "too_large"])
        }
    }

    @Test func aClientThatHasGoneIsNeitherHeardNorTold() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            await bed.node.disconnect(alice.id)
            await bed.send(#"{"type":"ping"}"#, from: alice)
            try await bed.ask(bob, #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":-3}"#)
            #expect(alice.messages.isEmpty)
        }
    }

    @Test func answersComeInTheOrderOfTheQuestions() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            for number in 0..<200 {
                let request = #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":\#(-number % 60)"#
                await bed.send(request + ",\"requestId\":\(number)}", from: client)
            }
            #expect(client.messages.compactMap { $0["requestId"] as Int? } == Array(0..<200))
        }
    }

    @Test func everyClientSeesTheChangesInOneOrder() async throws {
        try await TestBed.run { bed in
            let writers = [await bed.client("alice"), await bed.client("bob")]
            let watchers = [await bed.client("carol"), await bed.client("dave")]
            await withTaskGroup(of: Void.self) { group in
                for (writer, base) in zip(writers, [0, 50]) {
                    group.addTask {
                        for step in 0..<50 {
                            let value = -(base + step)
                            let request =
                                #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":\#(value)}"#
                            await bed.send(request, from: writer)
                        }
                    }
                }
            }
            let seen = watchers.map { $0.messages.compactMap { $0["value"] as String? } }
            // Values that replace each other before they are committed are told once.
            #expect(seen[0].count > 1 && seen[0].count <= 100)
            #expect(Set(seen[0]).count == seen[0].count)
            #expect(seen[0] == seen[1])
            let last = try await bed.ask(writers[0], #"{"type":"get_param","instanceId":"gain#1","paramId":"gainDb"}"#)
            #expect(last["value"] == seen[0].last)
        }
    }

    @Test func statusCountsClientsAndParameters() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(
                client,
                #"{"type":"apply_params","instanceId":"gain#1","params":{"gainDb#0":-1,"gainDb#1":-2}}"#
            )
            let status = try #require(await bed.node.status())
            #expect(status.status == "ok")
            #expect(status.clients == 1)
            #expect(status.paramCount == 2)
            #expect(status.simRunning == false)
            #expect(status.dsp.protocol == "none")
        }
    }

    @Test func aStoppedNodeHasNeitherStatusNorLink() async throws {
        let bed = TestBed()
        #expect(await bed.node.status() == nil)
        try await bed.node.start()
        #expect(await bed.node.link() != nil)
        await bed.node.stop()
        #expect(await bed.node.status() == nil)
        #expect(await bed.node.link() == nil)
        bed.remove()
    }
}
