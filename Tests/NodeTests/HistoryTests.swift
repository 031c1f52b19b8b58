import AudioEngine
import ChainModel
import ControlProtocol
import Foundation
import Testing

@testable import Node
import WireFormats

@Suite struct HistoryTests {
    private func set(_ value: Double, _ parameter: String = "gainDb", channel: Int = 0) -> String {
        #"{"type":"set_param","instanceId":"gain#1","paramId":"\#(parameter)","channel":\#(channel),"value":\#(value)}"#
    }

    private func value(_ bed: TestBed, _ client: RecordingClient, _ key: String = "gainDb#0") async throws -> String? {
        try await bed.ask(client, #"{"type":"get_param","instanceId":"gain#1","paramId":"\#(key)"}"#)["value"]
    }

    @Test func aChangeIsTakenBackAndMadeAgainAndEverybodySeesIt() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await bed.ask(alice, set(-7.5))
            bob.clear()
            let undone = try await bed.ask(alice, #"{"type":"undo"}"#)
            #expect(undone["success"] == true)
            #expect(undone["instanceId"] == "gain#1")
            #expect(undone.json["params"] == .object(["gainDb#0": .string("0")]))
            #expect(bob.messages.map { $0["value"] } == ["0"])
            #expect(bob.messages.map(\.type) == ["param_update"])
            #expect(bed.node.engine.setup?.parameters.values.contains(.float(-7.5)) == false)
            try await #expect(value(bed, alice) == "0")

            let redone = try await bed.ask(alice, #"{"type":"redo"}"#)
            #expect(redone.json["params"] == .object(["gainDb#0": .string("-7.5")]))
            try await #expect(value(bed, bob) == "-7.5")
            let gainKey = ParameterID(
                instance: InstanceID(rawValue: "gain#1")!, key: ParameterKey(name: "gainDb", indices: [0]))
            #expect(bed.node.engine.setup?.parameters[gainKey] == .float(-7.5))
        }
    }

    @Test func withoutChangesThereIsNothingToTakeBack() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            try await bed.ask(await bed.client("bob"), set(-1))
            for (request, answer) in [("undo", "undo_ack"), ("redo", "redo_ack")] {
                let refusal = try await bed.ask(alice, #"{"type":"\#(request)"}"#)
                #expect(refusal.type == answer)
                #expect(refusal["success"] == false)
                #expect(refusal["code"] == "nothing_to_undo")
            }
        }
    }

    @Test func aChainEditIsTakenBackWithTheValuesOfItsModules() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await bed.ask(
                alice, #"{"type":"set_param","instanceId":"eq#1","paramId":"freq","dimIndices":[0,2],"value":440}"#)
            let before = await bed.node.link()
            try await bed.ask(alice, Chains.write(Chains.gain()))
            bob.clear()
            let undone = try await bed.ask(alice, #"{"type":"undo"}"#)
            #expect(undone["success"] == true)
            #expect(undone["linkChanged"] == true)
            #expect(bob.messages.map(\.type).contains("link_updated"))
            #expect(await bed.node.link() == before)
            let answer = try await bed.ask(bob, #"{"type":"get_param","instanceId":"eq#1","paramId":"freq#0#2"}"#)
            #expect(answer["value"] == "440")
            try await bed.ask(alice, #"{"type":"redo"}"#)
            #expect(await bed.node.link()?.chains["main"]?.nodes.map(\.instanceId) == ["gain#1"])
        }
    }

    @Test func aChainThatSomebodyReplacedSinceStays() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            try await bed.ask(alice, Chains.write(Chains.gain()))
            try await bed.ask(await bed.client("bob"), Chains.write(Chains.gain(channels: 4)))
            try await #expect(bed.ask(alice, #"{"type":"undo"}"#)["code"] == "nothing_to_undo")
            #expect(await bed.node.link()?.global.channels == 4)
        }
    }

    @Test func theHistorySaysWhoChangedWhat() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await bed.ask(alice, set(-3))
            try await bed.ask(bob, set(2, channel: 1))
            try await bed.ask(bob, #"{"type":"undo"}"#)
            let history = try await bed.ask(alice, #"{"type":"get_history"}"#)
            guard case .array(let entries) = history.json["entries"] else { throw CancellationError() }
            let lines = entries.map { entry -> [JSONValue?] in
                guard case .object(let members) = entry else { return [] }
                return [members["client"], members["title"], members["undone"], members["kind"]]
            }
            #expect(
                lines == [
                    [.string("bob"), .string("gain#1 gainDb#1: 0 → 2"), .bool(true), .string("parameters")],
                    [.string("alice"), .string("gain#1 gainDb#0: 0 → -3"), .bool(false), .string("parameters")],
                ]
            )
            #expect(history["canUndo"] == true)
            #expect(history["canRedo"] == false)
            try await #expect(bed.ask(alice, #"{"type":"get_history","limit":0}"#)["field"] == "limit")
        }
    }

    @Test func aNamedClientFindsItsChangesAfterARestart() async throws {
        try await TestBed.run { bed in
            let alice = RecordingClient("ws-1", name: "alice")
            await bed.node.connect(alice)
            try await bed.ask(alice, set(-3))
            try await bed.ask(
                alice, #"{"type":"apply_params","instanceId":"gain#1","params":{"mute#1":true,"gainDb#1":-9}}"#)
            try await bed.ask(alice, #"{"type":"undo"}"#)
            await bed.node.stop()
            try await bed.node.start()
            let again = RecordingClient("ws-7", name: "alice")
            await bed.node.connect(again)
            try await #expect(bed.ask(again, #"{"type":"redo"}"#)["success"] == true)
            try await #expect(value(bed, again, "gainDb#1") == "-9")
            try await bed.ask(again, #"{"type":"undo"}"#)
            try await bed.ask(again, #"{"type":"undo"}"#)
            try await #expect(value(bed, again) == "0")
            // A connection without a name begins with nothing.
            let nameless = await bed.client("ws-1")
            try await #expect(bed.ask(nameless, #"{"type":"redo"}"#)["code"] == "nothing_to_undo")
        }
    }

    /// What a client's history does, written down as plainly as possible.
    private struct Model {
        struct Change {
            var before: [String: String]
            var after: [String: String]

            /// Whether a further change belongs to the same gesture; the clock of these tests stands still.
            func goes(on next: Change) -> Bool {
                let mine = Set(after.keys)
                let theirs = Set(next.after.keys)
                return (mine.isSubset(of: theirs) || theirs.isSubset(of: mine))
                    && mine.intersection(theirs).allSatisfy { after[$0] == next.before[$0] }
            }
        }

        var values: [String: String]
        var done: [String: [Change]] = [:]
        var undone: [String: [Change]] = [:]

        mutating func set(_ changes: [String: String], by client: String) {
            let real = changes.filter { values[$0.key] != $0.value }
            guard !real.isEmpty else { return }
            let change = Change(before: values.filter { real[$0.key] != nil }, after: real)
            if undone[client, default: []].isEmpty, let top = done[client]?.last, top.goes(on: change) {
                done[client]?.removeLast()
                done[client]?.append(
                    Change(
                        before: top.before.merging(change.before) { mine, _ in mine },
                        after: top.after.merging(change.after) { $1 }))
            } else {
                done[client, default: []].append(change)
            }
            undone[client] = []
            values.merge(real) { $1 }
        }

        mutating func undo(_ client: String) -> Bool {
            let past = done[client]
            while let change = done[client]?.popLast() {
                let mine = change.after.filter { values[$0.key] == $0.value }.keys
                guard !mine.isEmpty else { continue }
                let before = change.before.filter { mine.contains($0.key) }
                undone[client, default: []].append(
                    Change(before: before, after: change.after.filter { mine.contains($0.key) })
                )
                values.merge(before) { $1 }
                return true
            }
            done[client] = past  // may be in force again when the others have gone back
            return false
        }

        mutating func redo(_ client: String) -> Bool {
            let past = undone[client]
            while let change = undone[client]?.popLast() {
                let mine = change.before.filter { values[$0.key] == $0.value }.keys
                guard !mine.isEmpty else { continue }
                let after = change.after.filter { mine.contains($0.key) }
                done[client, default: []].append(
                    Change(before: change.before.filter { mine.contains($0.key) }, after: after)
                )
                values.merge(after) { $1 }
                return true
            }
            undone[client] = past
            return false
        }
    }

    /// Random edits of three clients on the same few values, taken back and made again: all ends where a plain model of
    /// the rules ends, in the store, in the engine, and in a node started anew.
    @Test(arguments: 0..<8) func threeClientsEndWhereTheModelEnds(_ seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        try await TestBed.run(startSimulation: true) { bed in
            let clients = [await bed.client("alice"), await bed.client("bob"), await bed.client("carol")]
            let keys = ["gainDb#0", "gainDb#1", "smoothTime"]
            var model = Model(values: [:])
            for key in keys {
                model.values[key] = try await value(bed, clients[0], key)
            }
            for _ in 0..<120 {
                let client = clients[Int.random(in: 0..<3, using: &random)]
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    let done = model.undo(client.id.rawValue)
                    try await #expect(bed.ask(client, #"{"type":"undo"}"#)["success"] == done)
                case 1:
                    let done = model.redo(client.id.rawValue)
                    try await #expect(bed.ask(client, #"{"type":"redo"}"#)["success"] == done)
                default:
                    let changes = Dictionary(
                        uniqueKeysWithValues: keys.shuffled(using: &random).prefix(2).map { key in
                            let others = (1..<6).map(String.init).filter { $0 != model.values[key] }
                            return (key, others[Int.random(in: 0..<others.count, using: &random)])
                        }
                    )
                    let params = changes.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
                    let request = #"{"type":"apply_params","instanceId":"gain#1","params":{\#(params)}}"#
                    try await #expect(bed.ask(client, request)["success"] == true)
                    model.set(changes, by: client.id.rawValue)
                }
                for key in keys { try await #expect(value(bed, clients[0], key) == model.values[key]) }
            }
            let played = bed.node.engine.setup?.parameters
            await bed.node.stop()
            try await bed.node.start()
            #expect(await bed.node.status()?.simRunning == true)
            let again = await bed.client("dave")
            for key in keys {
                try await #expect(value(bed, again, key) == model.values[key])
                let id = ParameterID(instance: InstanceID(rawValue: "gain#1")!, key: try ParameterKey(parsing: key))
                #expect(played?[id]?.number == model.values[key].flatMap(Double.init))
            }
        }
    }

    @Test func whatWasTakenBackInPartIsMadeAgainInThatPartAlsoAfterARestart() async throws {
        try await TestBed.run { bed in
            let alice = RecordingClient("ws-1", name: "desk")
            await bed.node.connect(alice)
            let bob = await bed.client("bob")
            try await bed.ask(
                alice, #"{"type":"apply_params","instanceId":"gain#1","params":{"gainDb#0":-1,"gainDb#1":-1}}"#)
            try await bed.ask(bob, set(0, channel: 1))
            try await bed.ask(alice, #"{"type":"undo"}"#)
            await bed.node.stop()
            try await bed.node.start()
            let again = RecordingClient("ws-2", name: "desk")
            await bed.node.connect(again)
            let redone = try await bed.ask(again, #"{"type":"redo"}"#)
            #expect(redone.json["params"] == .object(["gainDb#0": .string("-1")]))
            try await #expect(value(bed, again, "gainDb#1") == "0")
        }
    }

    @Test func aNameThatSeveralClientsShareIsRememberedUntilTheLastHasGoneAndFoundAgain() async throws {
        try await TestBed.run { bed in
            let tablets = [RecordingClient("ws-1", name: "tablet"), RecordingClient("ws-2", name: "tablet")]
            for tablet in tablets { await bed.node.connect(tablet) }
            try await bed.ask(tablets[0], set(-3))
            await bed.node.disconnect(tablets[0].id)
            try await #expect(bed.ask(tablets[1], #"{"type":"undo"}"#)["success"] == true)
            await bed.node.disconnect(tablets[1].id)
            let later = RecordingClient("ws-3", name: "tablet")
            await bed.node.connect(later)
            try await #expect(bed.ask(later, #"{"type":"redo"}"#)["success"] == true)
            try await #expect(value(bed, later) == "-3")
        }
    }
}
