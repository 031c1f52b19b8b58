import ChainModel
import Foundation
import Node
import Testing
import WireFormats

@Suite struct ChainTests {
    @Test func aNewNodePlaysTheDemoChain() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let answer = try await bed.ask(client, #"{"type":"read_link"}"#)
            #expect(answer.type == "read_link_ack")
            #expect(answer["success"] == true)
            let stored = try LinkConfig.decode(try Data(contentsOf: bed.file("current_link.json")))
            #expect(try answer.json["link"].map { try LinkConfig(json: $0) } == stored)
            #expect(await bed.node.link() == stored)
            #expect(stored.chains["main"]?.nodes.map(\.instanceId) == ["gain#1", "eq#1", "delay#1", "limiter#1"])
            let cores = try JSONDecoder().decode(
                [String: Int].self,
                from: Data(contentsOf: bed.file("core_assignments.json"))
            )
            #expect(cores == ["limiter#1": 1])
        }
    }

    @Test(arguments: [false, true])
    func aWrittenChainIsOnDiskAndReadBackWithUnknownKeys(running: Bool) async throws {
        try await TestBed.run(startSimulation: running) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await bed.ask(alice, Chains.write(Chains.gain()))
            #expect(ack.type == "write_link_ack")
            #expect(ack["success"] == true)
            #expect((ack["transition"] as String?) == (running ? "crossfade" : nil))
            #expect(bob.messages.map(\.type) == ["link_updated", "thread_assignments"])
            #expect(bob.messages.first?["origin"] == "alice")
            #expect(alice.messages(ofType: "link_updated").isEmpty)

            let written = try JSONDecoder().decode(JSONValue.self, from: Data(Chains.gain().utf8))
            try await #expect(bed.ask(bob, #"{"type":"read_link"}"#).json["link"] == written)
            let stored = try LinkConfig.decode(try Data(contentsOf: bed.file("current_link.json")))
            #expect(stored.json == written)
        }
    }

    @Test func everyFaultComesBackAndTheOldChainStays() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let before = await bed.node.link()
            let file = try Data(contentsOf: bed.file("current_link.json"))
            let broken = Chains.gain(type: "flanger_v1")
                .replacingOccurrences(of: "\"fromModule\":\"gain#1\"", with: "\"fromModule\":\"gain#2\"")
            let ack = try await bed.ask(alice, Chains.write(broken))
            #expect(ack.type == "write_link_ack")
            #expect(ack["success"] == false)
            #expect(ack["code"] == "invalid_chain")
            guard case .array(let faults) = ack.json["faults"] else {
                Issue.record("no faults")
                return
            }
            #expect(faults.count >= 2)
            for fault in faults {
                guard case .object(let members) = fault else {
                    Issue.record("a fault is no object")
                    return
                }
                #expect(Set(members.keys) == ["code", "path", "message"])
            }
            #expect(bob.messages.isEmpty)
            #expect(await bed.node.link() == before)
            #expect(try Data(contentsOf: bed.file("current_link.json")) == file)
            #expect(await bed.node.status()?.simRunning == true)
        }
    }

    @Test func aChainMadeFromAnotherThanTheOneInForceIsRefused() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let read: Int = try #require(try await bed.ask(alice, #"{"type":"read_link"}"#)["revision"])
            let write = { (revision: Int, channels: Int) in
                #"{"type":"write_link","revision":\#(revision),"link":\#(Chains.gain(channels: channels))}"#
            }
            let written: Int = try #require(try await bed.ask(alice, write(read, 4))["revision"])
            #expect(written != read)
            bob.clear()
            let refusal = try await bed.ask(bob, write(read, 1))
            #expect(refusal["code"] == "chain_changed" && refusal["field"] == "revision")
            #expect(await bed.node.link()?.global.channels == 4)
            try await #expect(bed.ask(bob, #"{"type":"read_link"}"#)["revision"] == written)
            try await #expect(bed.ask(bob, write(written, 1))["success"] == true)
        }
    }

    @Test(arguments: [
        "{}", #"{"version":2}"#, #"{"version":"2.2","rootChainId":"main","global":{},"chains":[]}"#,
    ])
    func aLinkOfAnotherShapeHasFaults(_ link: String) async throws {
        try await TestBed.run { bed in
            let ack = try await bed.ask(await bed.client(), Chains.write(link))
            #expect(ack.type == "write_link_ack")
            #expect(ack["code"] == "invalid_chain")
        }
    }

    @Test func aLinkThatIsNoObjectIsABadField() async throws {
        try await TestBed.run { bed in
            let answer = try await bed.ask(await bed.client(), Chains.write("7"))
            #expect(answer.type == "error")
            #expect(answer["code"] == "bad_field")
            #expect(answer["field"] == "link")
        }
    }

    @Test(arguments: [false, true])
    func aChainThatCannotBeWrittenLeavesEverythingAsItWas(running: Bool) async throws {
        try await TestBed.run(startSimulation: running) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let before = await bed.node.link()
            let file = bed.file("current_link.json")
            // A directory with something in it cannot be replaced by a file.
            try FileManager.default.moveItem(at: file, to: bed.file("aside.json"))
            try FileManager.default.createDirectory(at: file.appending(path: "x"), withIntermediateDirectories: true)
            let ack = try await bed.ask(alice, Chains.write(Chains.gain(channels: 1)))
            #expect(ack["success"] == false)
            #expect(ack["code"] == "storage_failed")
            #expect(bob.messages.isEmpty)
            #expect(await bed.node.link() == before)
            #expect(await bed.node.status()?.simRunning == running)
            let set = #"{"type":"set_param","instanceId":"limiter#1","paramId":"ceilingDb","value":-3}"#
            try await #expect(bed.ask(alice, set)["success"] == true)
            let left = try FileManager.default.contentsOfDirectory(atPath: bed.directory.path)
            #expect(!left.contains { $0.contains("tmp") })
        }
    }

    @Test func aChainThatTheEngineRefusesIsNotStored() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            // A file being written cannot change its channels in the middle.
            let start = #"{"type":"sim_start","input":{"type":"silence"},"output":{"type":"file","path":"out.wav"}}"#
            try await #expect(bed.ask(client, start)["running"] == true)
            let before = try Data(contentsOf: bed.file("current_link.json"))
            let ack = try await bed.ask(client, Chains.write(Chains.gain(channels: 1)))
            #expect(ack["success"] == false)
            #expect(ack["code"] == "engine_failed")
            #expect(try Data(contentsOf: bed.file("current_link.json")) == before)
            #expect(await bed.node.status()?.simRunning == true)
        }
    }

    @Test func valuesOfAbsentModulesComeBackWithThem() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let demo = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: bed.file("current_link.json")))
            let demoText = String(decoding: try JSONEncoder().encode(demo), as: UTF8.self)
            for (instance, key) in [("limiter#1", "ceilingDb"), ("gain#1", "gainDb#0"), ("gain#1", "gainDb#1")] {
                try await bed.ask(
                    client,
                    #"{"type":"set_param","instanceId":"\#(instance)","paramId":"\#(key)","value":-4}"#
                )
            }
            try await bed.ask(client, Chains.write(Chains.gain(channels: 1)))
            #expect(await bed.node.status()?.paramCount == 1)
            let missing = try await bed.ask(
                client, #"{"type":"get_param","instanceId":"limiter#1","paramId":"ceilingDb"}"#)
            #expect(missing["code"] == "unknown_instance")
            try await bed.ask(client, Chains.write(demoText))
            #expect(await bed.node.status()?.paramCount == 3)
            let back = try await bed.ask(
                client, #"{"type":"get_param","instanceId":"limiter#1","paramId":"ceilingDb"}"#)
            #expect(back["value"] == "-4")
        }
    }

    @Test func aNewFormatIsAnnouncedAsStatus() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            try await bed.ask(alice, Chains.write(Chains.gain(channels: 1, sampleRate: 44100)))
            let status = try #require(alice.messages(ofType: "dsp_status").last)
            #expect(status["channels"] == 1)
            #expect(status["sampleRate"] == 44100)
        }
    }

    @Test func theLibraryNamesEveryModuleType() async throws {
        try await TestBed.run { bed in
            let answer = try await bed.ask(await bed.client(), #"{"type":"get_module_library"}"#)
            #expect(answer.type == "module_library")
            guard case .array(let modules) = answer.json["modules"] else {
                Issue.record("no modules")
                return
            }
            let types = modules.compactMap { module -> String? in
                guard case .object(let members) = module, case .string(let type) = members["moduleType"] else {
                    return nil
                }
                return type
            }
            #expect(Set(types) == Set(ModuleLibrary.builtIn.modules.map(\.moduleType)))
            #expect(types.contains("channel_gain_v1"))
        }
    }
}
