import ChainModel
import Node
import Testing
import WireFormats

@Suite struct OutputTests {
    @Test func everyClientKnowsWhatHappensBehindTheChain() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = RecordingClient("bob")
            await bed.node.connect(bob)
            #expect(bob.messages(ofType: "output_status").count == 1)
            bob.clear()
            let answer = try await bed.ask(alice, #"{"type":"set_output","levelDb":-6.5,"dimmed":true,"muteMask":2}"#)
            #expect(answer.type == "output_status")
            #expect(answer.json["levelDb"] == .number(-6.5))
            #expect(answer["dimmed"] == true)
            #expect(answer["muteMask"] == 2)
            let told = bob.messages(ofType: "output_status")
            #expect(told.count == 1 && told.first?.json["levelDb"] == .number(-6.5))
            #expect(alice.messages(ofType: "output_status").count == 1)
            // What changes nothing is answered, and nobody else is told.
            try await bed.ask(alice, #"{"type":"set_output","dimmed":true}"#)
            #expect(bob.messages(ofType: "output_status").count == 1)
            let asked = try await bed.ask(bob, #"{"type":"get_output"}"#)
            #expect(asked.json["levelDb"] == .number(-6.5))
        }
    }

    @Test func anAuditionBeginsAndEnds() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let begun = try await bed.ask(client, #"{"type":"set_output","audition":{"freq":250,"q":4}}"#)
            #expect(begun.json["audition"] == .object(["freq": .integer(250), "q": .integer(4)]))
            let moved = try await bed.ask(client, #"{"type":"set_output","levelDb":-1}"#)
            #expect(moved.json["audition"] != nil)
            let ended = try await bed.ask(client, #"{"type":"set_output","endAudition":true}"#)
            #expect(ended.json["audition"] == nil)
        }
    }

    @Test func anAuditionEndsWithItsClient() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await bed.ask(alice, #"{"type":"set_output","audition":{"freq":250,"q":4}}"#)
            await bed.node.disconnect(bob.id)
            let carol = await bed.client("carol")
            let still = try await bed.ask(carol, #"{"type":"get_output"}"#)
            #expect(still.json["audition"] != nil)
            await bed.node.disconnect(alice.id)
            let ended = try await bed.ask(carol, #"{"type":"get_output"}"#)
            #expect(ended.json["audition"] == nil)
            #expect(carol.messages(ofType: "output_status").count == 3)
        }
    }

    @Test(arguments: [
        (#""levelDb":25"#, "levelDb"), (#""levelDb":-121"#, "levelDb"), (#""dimDb":-1"#, "dimDb"),
        (#""audition":{"freq":1,"q":4}"#, "audition"), (#""audition":{"freq":100,"q":0}"#, "audition"),
        (#""muteMask":-1"#, "muteMask"), (#""muteMask":4294967296"#, "muteMask"),
    ])
    func whatIsOutOfRangeIsRefused(_ member: String, _ field: String) async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let refusal = try await bed.ask(client, #"{"type":"set_output","muted":true,\#(member)}"#)
            #expect(refusal.type == "error")
            #expect(refusal["field"] == field)
            let status = try await bed.ask(client, #"{"type":"get_output"}"#)
            #expect(status["muted"] == false)
        }
    }

    @Test(arguments: ["chain_builder", "tuning", "test_verify", "legacy"])
    func silenceIsPossibleInEveryMode(_ mode: String) async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(client, #"{"type":"set_mode","mode":"\#(mode)"}"#)
            let status = try await bed.ask(client, #"{"type":"set_output","panic":true}"#)
            #expect(status["panic"] == true)
        }
    }
}
