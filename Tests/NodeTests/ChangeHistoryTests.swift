import ControlProtocol
import Storage
import Testing

@testable import Node

@Suite struct ChangeHistoryTests {
    /// Values and their history, without a node.
    private struct Desk {
        var history = ChangeHistory(lastID: 0)
        var values: [JournalKey: String] = [:]
        var now: Int64 = 0

        mutating func set(_ name: String, _ text: String?, by client: String, after pause: Int64 = 5000) {
            now += pause
            let key = JournalKey(instance: "m#1", key: name)
            let change = JournalEntry.Values(before: values[key], after: text)
            _ = history.record([key: change], kind: .parameters, title: name, by: client, at: now)
            values[key] = text
        }

        @discardableResult
        mutating func undo(_ client: String) -> ChangeHistory.Step? {
            let values = values
            let step = history.undo(client, present: { values[$0] }, link: { _ in nil })
            for (key, text) in step?.values ?? [:] { self.values[key] = text }
            return step
        }

        @discardableResult
        mutating func redo(_ client: String) -> ChangeHistory.Step? {
            let values = values
            let step = history.redo(client, present: { values[$0] }, link: { _ in nil })
            for (key, text) in step?.values ?? [:] { self.values[key] = text }
            return step
        }

        subscript(name: String) -> String? { values[JournalKey(instance: "m#1", key: name)] }
    }

    @Test func aClientGoesBackAndForthInItsOwnChanges() {
        var desk = Desk()
        desk.set("x", "1", by: "alice")
        desk.set("x", "2", by: "alice")
        desk.set("y", "7", by: "bob")
        #expect(desk.undo("alice")?.entry.state == .undone)
        #expect(desk["x"] == "1")
        #expect(desk["y"] == "7")
        desk.undo("alice")
        #expect(desk["x"] == nil)
        #expect(desk.undo("alice") == nil)
        #expect(!desk.history.canUndo("alice"))
        desk.redo("alice")
        desk.redo("alice")
        #expect(desk["x"] == "2")
        #expect(desk.redo("alice") == nil)
    }

    private func entries(
        _ steps: [(keys: [String], values: [String], pause: Int64)],
        kind: HistoryEntry.Kind = .parameters,
        titles: [String] = []
    ) -> [JournalEntry] {
        var history = ChangeHistory(lastID: 0)
        var present: [JournalKey: String] = [:]
        var now: Int64 = 0
        var last: [Int64: JournalEntry] = [:]
        for (index, step) in steps.enumerated() {
            now += step.pause
            var changes: [JournalKey: JournalEntry.Values] = [:]
            for (name, value) in zip(step.keys, step.values) {
                let key = JournalKey(instance: "m#1", key: name)
                changes[key] = JournalEntry.Values(before: present[key], after: value)
                present[key] = value
            }
            let title = titles.isEmpty ? "" : titles[index]
            for entry in history.record(changes, kind: kind, title: title, by: "alice", at: now) {
                last[entry.id] = entry
            }
        }
        return last.values.sorted { $0.id < $1.id }
    }

    @Test func aDragOfSeveralKeysIsOneEntry() {
        let drag = entries([
            (["freq"], ["100"], 0), (["freq", "gain"], ["110", "1"], 16), (["gain"], ["2"], 16),
            (["freq", "gain"], ["120", "3"], 16),
        ])
        #expect(drag.count == 1)
        #expect(drag.first?.values[JournalKey(instance: "m#1", key: "freq")]?.before == nil)
        #expect(drag.first?.values[JournalKey(instance: "m#1", key: "freq")]?.after == "120")
        #expect(drag.first?.values[JournalKey(instance: "m#1", key: "gain")]?.after == "3")
    }

    @Test func otherKeysAndPausesBeginAnotherEntry() {
        #expect(entries([(["freq"], ["1"], 0), (["gain"], ["1"], 10)]).count == 2)
        #expect(entries([(["freq", "gain"], ["1", "1"], 0), (["freq", "q"], ["2", "1"], 10)]).count == 2)
        #expect(entries([(["freq", "gain"], ["1", "1"], 0), (["freq"], ["2"], 1500)]).count == 2)
        let presets = [(keys: ["freq"], values: ["1"], pause: Int64(0)), (["freq"], ["2"], 10)]
        #expect(entries(presets, kind: .preset).count == 2)
        #expect(entries(presets, kind: .morph, titles: ["dark to bright", "dark to bright"]).count == 1)
        #expect(entries(presets, kind: .morph, titles: ["dark to bright", "dark to dull"]).count == 2)
    }

    @Test func timesThatLieFarApartAreNoGesture() {
        var history = ChangeHistory(lastID: 0)
        let key = JournalKey(instance: "m#1", key: "x")
        let entry = JournalEntry(
            id: 1, timestamp: .min, client: "alice", kind: "parameters", title: "x",
            values: [key: .init(before: "0", after: "1")])
        history.restore([entry], of: "alice")
        for (now, before, after) in [(Int64.max, "1", "2"), (.min, "2", "3"), (0, "3", "4")] {
            let change = JournalEntry.Values(before: before, after: after)
            let entries = history.record([key: change], kind: .parameters, title: "x", by: "alice", at: now)
            #expect(entries.first?.values == [key: change])
        }
    }

    @Test func whatSomebodyElseHasChangedSinceStays() {
        var desk = Desk()
        desk.set("x", "1", by: "alice")
        desk.set("y", "1", by: "alice")
        desk.set("y", "2", by: "bob")
        let step = desk.undo("alice")
        #expect(step?.overtaken.map(\.state) == [.overtaken])
        #expect(desk["y"] == "2")
        #expect(desk["x"] == nil)
    }

    @Test func aNewChangeEndsWhatCouldBeMadeAgain() {
        var desk = Desk()
        desk.set("x", "1", by: "alice")
        desk.undo("alice")
        desk.set("y", "1", by: "alice")
        #expect(!desk.history.canRedo("alice"))
        desk.undo("alice")
        #expect(desk["y"] == nil)
        #expect(desk.undo("alice") == nil)
    }

    @Test func aTurnOfAKnobIsOneChange() {
        var desk = Desk()
        desk.set("x", "1", by: "alice")
        for value in 2...20 { desk.set("x", "\(value)", by: "alice", after: 40) }
        #expect(desk["x"] == "20")
        #expect(desk.undo("alice")?.entry.title == "m#1 x: none → 20")
        #expect(desk["x"] == nil)
        desk.redo("alice")
        #expect(desk["x"] == "20")
    }

    @Test func aTurnThatSomebodyInterruptsIsTwoChanges() {
        var desk = Desk()
        desk.set("x", "1", by: "alice")
        desk.set("x", "5", by: "bob", after: 10)
        desk.set("x", "2", by: "alice", after: 10)
        desk.undo("alice")
        #expect(desk["x"] == "5")
    }

    @Test func onlyTheNewestChangesAreKept() {
        var desk = Desk()
        for value in 1...(ChangeHistory.depth + 20) { desk.set("x", "\(value)", by: "alice") }
        var count = 0
        while desk.undo("alice") != nil { count += 1 }
        #expect(count == ChangeHistory.depth)
        #expect(desk["x"] == "20")
    }

    /// One client alone: everything taken back is the beginning, everything made again is the end.
    @Test(arguments: 0..<20) func allTheWayBackIsTheBeginning(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        var desk = Desk()
        for _ in 0..<60 {
            desk.set(
                "p\(Int.random(in: 0..<6, using: &random))", "\(Int.random(in: 0..<9, using: &random))", by: "alice")
        }
        let end = desk.values
        while desk.undo("alice") != nil {}
        #expect(desk.values.isEmpty)
        while desk.redo("alice") != nil {}
        #expect(desk.values == end)
    }

    /// Three clients on keys of their own: each is as if alone, whatever the others do.
    @Test(arguments: 0..<20) func clientsWithKeysOfTheirOwnDoNotDisturbEachOther(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        var desk = Desk()
        let clients = ["alice", "bob", "carol"]
        /// Values after each change of a client, and where it stands in them.
        var pasts = Dictionary(uniqueKeysWithValues: clients.map { ($0, [[String: String]()]) })
        var places = Dictionary(uniqueKeysWithValues: clients.map { ($0, 0) })
        for _ in 0..<300 {
            guard let client = clients.randomElement(using: &random), var past = pasts[client],
                var place = places[client]
            else { continue }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                #expect((desk.undo(client) != nil) == (place > 0))
                place = max(0, place - 1)
            case 1:
                #expect((desk.redo(client) != nil) == (place < past.count - 1))
                place = min(past.count - 1, place + 1)
            default:
                let name = "\(client)\(Int.random(in: 0..<3, using: &random))"
                let text = "\(desk.now)"
                desk.set(name, text, by: client)
                past = Array(past[...place]) + [past[place].merging([name: text]) { $1 }]
                place += 1
            }
            if past.count <= ChangeHistory.depth {
                for (name, text) in past[place] { #expect(desk[name] == text) }
                #expect(desk.values.keys.count { $0.key.hasPrefix(client) } == past[place].count)
            }
            pasts[client] = past
            places[client] = place
        }
    }

    /// A client's way back and forth, as far as it goes.
    private func ways(_ desk: Desk) -> [String: [[Int64]]] {
        Dictionary(
            uniqueKeysWithValues: ["alice", "bob"].map { client in
                var (back, forth) = (desk, desk)
                var ids: [[Int64]] = [[], []]
                while let step = back.undo(client) { ids[0].append(step.entry.id) }
                while let step = forth.redo(client) { ids[1].append(step.entry.id) }
                return (client, ids)
            })
    }

    @Test(arguments: 0..<30) func whatIsTakenBackLeavesNoTrace(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        var desk = Desk()
        /// Some are gestures, some discard what was undone, and now and then there are more than are kept.
        func edit(_ desk: inout Desk, times: Int) {
            for _ in 0..<times {
                let client = Bool.random(using: &random) ? "alice" : "bob"
                switch Int.random(in: 0..<8, using: &random) {
                case 0: desk.undo(client)
                case 1: desk.redo(client)
                default:
                    let name = "\(client)\(Int.random(in: 0..<2, using: &random))"
                    let pause: Int64 = Bool.random(using: &random) ? 100 : 5000
                    desk.set(name, "\(desk.now)", by: client, after: pause)
                }
            }
        }
        for _ in 0..<8 {
            edit(&desk, times: 60)
            desk.history.commit()
            let before = desk
            edit(&desk, times: Int.random(in: 1..<40, using: &random))
            desk.history.rollBack()
            desk.values = before.values
            desk.now = before.now
            #expect(ways(desk) == ways(before))
            // Ids go on where they were.
            var (one, other) = (desk, before)
            one.set("z", "1", by: "alice")
            other.set("z", "1", by: "alice")
            #expect(one.undo("alice") == other.undo("alice"))
        }
    }
}
