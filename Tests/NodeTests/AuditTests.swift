import ChainModel
import Foundation
import Node
import Testing
import WireFormats

@Suite struct AuditTests {
    private func lines(_ bed: TestBed) throws -> [[String: JSONValue]] {
        let text = try String(contentsOf: bed.file("audit.log"), encoding: .utf8)
        return try text.split(separator: "\n").map {
            try JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8))
        }
    }

    @Test func acceptedCommandsAreWrittenDownAndNothingElse() async throws {
        try await TestBed.run { bed in
            let alice = RecordingClient("ws-1", name: "alice")
            await bed.node.connect(alice)
            try await bed.ask(alice, #"{"type":"get_status"}"#)
            try await bed.ask(
                alice, "{\n\"type\":\"set_param\",\"instanceId\":\"gain#1\",\"paramId\":\"gainDb\",\"value\":-1}")
            try await bed.ask(alice, #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":-999}"#)
            try await bed.ask(alice, #"{"type":"set_mode","mode":"tuning"}"#)
            try await bed.ask(alice, Chains.write(Chains.gain()))
            let lines = try lines(bed)
            #expect(lines.count == 2)
            for line in lines {
                #expect(line["time"] == .integer(1_700_000_000_000))
                #expect(line["client"] == .string("alice"))
                #expect(line["peer"] == .string("test"))
            }
            guard case .object(let first) = lines.first?["message"] else { throw CancellationError() }
            #expect(first["type"] == .string("set_param"))
            #expect(first["value"] == .integer(-1))
        }
    }

    @Test func aLongCommandIsNotedByItsLength() async throws {
        try await TestBed.run { bed in
            let write = Chains.write(Chains.gain() + String(repeating: " ", count: 2000))
            try await bed.ask(await bed.client(), write)
            guard case .object(let message) = try lines(bed).first?["message"] else { throw CancellationError() }
            #expect(message["type"] == .string("write_link"))
            guard case .integer(let bytes) = message["bytes"] else { throw CancellationError() }
            #expect(bytes > 2000)
        }
    }
}
