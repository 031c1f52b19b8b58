import Foundation
import GRDB
import Testing

@testable import Storage

@Suite struct JournalTests {
    private let gain = JournalKey(instance: "gain#1", key: "gainDb#0")

    private func entry(_ id: Int64, by client: String = "alice", state: JournalEntry.State = .done) -> JournalEntry {
        JournalEntry(
            id: id,
            timestamp: 1000 + id,
            client: client,
            kind: "parameters",
            title: "change \(id)",
            state: state,
            values: [gain: JournalEntry.Values(before: nil, after: "\(id)")]
        )
    }

    private func write(_ body: (inout JournalWrite) -> Void) -> JournalWrite {
        var write = JournalWrite()
        body(&write)
        return write
    }

    @Test func whatWasCommittedIsReadBackByAnotherJournal() throws {
        let directory = try TemporaryDirectory()
        let link = JournalEntry.Link(before: Data("a".utf8), after: Data("b".utf8))
        do {
            let journal = try Journal(directory: directory.url, historyLimit: 10)
            try journal.commit(
                write {
                    $0.set(gain, to: "-3.5")
                    $0.set(JournalKey(instance: "eq#1", key: "x"), to: "1")
                    var edit = entry(1)
                    edit.link = link
                    $0.put(edit)
                    $0.put(entry(2, by: "bob"))
                    $0.setLoadedPreset("warm", of: "eq#1")
                }
            )
            try journal.commit(write { $0.set(JournalKey(instance: "eq#1", key: "x"), to: nil) })
            // Not closed: as after kill -9.
        }
        let journal = try Journal(directory: directory.url, historyLimit: 10)
        #expect(try journal.values() == ["gain#1": ["gainDb#0": "-3.5"]])
        #expect(try journal.loadedPresets() == ["eq#1": "warm"])
        #expect(try journal.lastEntry() == 2)
        #expect(try journal.history(limit: 9).map(\.title) == ["change 2", "change 1"])
        #expect(try journal.history(limit: 9, before: 2).map(\.id) == [1])
        #expect(try journal.link(of: 1) == link)
        #expect(try journal.link(of: 2) == nil)
        #expect(try journal.reversible(of: "bob", limit: 9) == [entry(2, by: "bob")])
    }

    @Test func aJournalOfTheFirstFormIsTakenOver() throws {
        let directory = try TemporaryDirectory()
        let old = try DatabaseQueue(path: directory.url.appending(path: Journal.fileName).path)
        try JournalSchema.migrator.migrate(old, upTo: "1")
        try old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO value VALUES ('gain#1', 'gainDb#0', '1');
                    INSERT INTO entry VALUES (1, 1001, 'alice', 'parameters', 'change 1', 0);
                    INSERT INTO entryValue VALUES (1, 'gain#1', 'gainDb#0', NULL, '1');
                    INSERT INTO entry VALUES (2, 1002, 'alice', 'parameters', 'change 2', 1);
                    INSERT INTO entryValue VALUES (2, 'gain#1', 'gainDb#0', '1', '2');
                    INSERT INTO entryValue VALUES (2, 'eq#1', 'x', '3', NULL);
                    INSERT INTO entry VALUES (3, 1003, 'alice', 'chain', 'change 3', 0);
                    """
            )
        }
        try old.close()
        let journal = try Journal(directory: directory.url, historyLimit: 10)
        var several = entry(2, state: .undone)
        several.values = [
            gain: JournalEntry.Values(before: "1", after: "2"),
            JournalKey(instance: "eq#1", key: "x"): JournalEntry.Values(before: "3", after: nil),
        ]
        var chain = entry(3)
        chain.kind = "chain"
        chain.values = [:]
        #expect(try journal.reversible(of: "alice", limit: 9) == [entry(1), several, chain])
        #expect(try journal.contents().entries == [entry(1), several, chain])
        // Of two values one is left, then none, then two again.
        var less = several
        less.values[gain] = nil
        for next in [less, chain, several] {
            var next = next
            next.id = 2
            try journal.commit(write { $0.put(next) })
            #expect(try journal.contents().entries[1].values == next.values)
        }
    }

    @Test func anEntryThatIsPutAgainReplacesItself() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal(directory: directory.url, historyLimit: 10)
        try journal.commit(write { $0.put(entry(1)) })
        var changed = entry(1, state: .undone)
        changed.values[gain]?.after = "9"
        changed.title = "further"
        try journal.commit(write { $0.put(changed) })
        #expect(try journal.reversible(of: "alice", limit: 9) == [changed])
        try journal.commit(write { $0.put(entry(1, state: .discarded)) })
        #expect(try journal.reversible(of: "alice", limit: 9).isEmpty)
    }

    @Test func theHistoryIsBoundedAndTheValuesAreNot() throws {
        let directory = try TemporaryDirectory()
        do {
            let journal = try Journal(directory: directory.url, historyLimit: 50)
            for id in 1...120 {
                try journal.commit(
                    write {
                        $0.set(JournalKey(instance: "m#\(id)", key: "x"), to: "1")
                        var edit = entry(Int64(id))
                        edit.link = JournalEntry.Link(before: Data(), after: Data([1]))
                        $0.put(edit)
                    }
                )
            }
            try journal.close()
        }
        let journal = try Journal(directory: directory.url, historyLimit: 50)
        #expect(try journal.history(limit: 1000).map(\.id) == Array(71...120).reversed())
        #expect(try journal.values().count == 120)
        #expect(try journal.link(of: 120) != nil)
    }

    @Test func aFailedCommitLeavesNothing() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal(directory: directory.url, historyLimit: 10)
        try journal.commit(write { $0.set(gain, to: "1") })
        let locker = try DatabaseQueue(path: directory.url.appending(path: Journal.fileName).path)
        try locker.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            let error = #expect(throws: StorageError.self) { try journal.commit(write { $0.set(gain, to: "2") }) }
            #expect(error?.code == .inUse)
            try database.execute(sql: "ROLLBACK")
        }
        #expect(try journal.values()["gain#1"] == ["gainDb#0": "1"])
        #expect(journal.figures.failures == 1)
        #expect(journal.figures.commits == 1)
        try journal.commit(write { $0.set(gain, to: "3") })
        #expect(try journal.values()["gain#1"] == ["gainDb#0": "3"])
    }

    @Test func aCommitThatFailsAtOneOfItsRowsLeavesNothing() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal(directory: directory.url, historyLimit: 10)
        try journal.commit(write { $0.set(gain, to: "1") })
        try journal.read { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        for _ in 0..<3 {
            let error = #expect(throws: StorageError.self) {
                try journal.commit(
                    write { write in
                        write.set(gain, to: "2")
                        for row in 0..<500 {
                            write.set(JournalKey(instance: "gain#\(row)", key: "gainDb#0"), to: "\(row)")
                        }
                    }
                )
            }
            #expect(error?.code == .noSpace)
        }
        #expect(try journal.values() == ["gain#1": ["gainDb#0": "1"]])
        try journal.read { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try journal.commit(write { $0.set(gain, to: "3") })
        #expect(try journal.values() == ["gain#1": ["gainDb#0": "3"]])
    }

    @Test func inMemoryNothingIsWritten() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal(directory: nil, historyLimit: 10)
        try journal.commit(write { $0.set(gain, to: "1") })
        try journal.synchronize()
        #expect(try journal.values()["gain#1"] == ["gainDb#0": "1"])
        try journal.close()
        #expect(try directory.names().isEmpty)
    }

    @Test func aFileThatIsNoJournalIsLeftAsItIs() throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: Journal.fileName)
        let bytes = Data(repeating: 0x41, count: 5000)
        try bytes.write(to: file)
        let error = #expect(throws: StorageError.self) { _ = try Journal(directory: directory.url, historyLimit: 10) }
        #expect(error?.code == .damaged)
        #expect(error?.path.hasSuffix(Journal.fileName) == true)
        #expect(try Data(contentsOf: file) == bytes)
    }
}
