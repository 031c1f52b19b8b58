import Foundation
import GRDB

extension Journal {
    /// All stored strings by instance and canonical key.
    public func values() throws(StorageError) -> [String: [String: String]] {
        try read { try Self.values(in: $0) }
    }

    static func values(in database: Database) throws -> [String: [String: String]] {
        var values: [String: [String: String]] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT instance, key, text FROM value")
        while let row = try rows.next() {
            values[row[0], default: [:]][row[1]] = row[2]
        }
        return values
    }

    /// Ids of the presets that modules play, by instance id.
    public func loadedPresets() throws(StorageError) -> [String: String] {
        try read { try Self.loadedPresets(in: $0) }
    }

    static func loadedPresets(in database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(database, sql: "SELECT instance, preset FROM loadedPreset")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as String) })
    }

    /// The highest id that an entry ever had; 0 when there is none.
    public func lastEntry() throws(StorageError) -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM entry") ?? 0 }
    }

    /// Entries, the newest first, without their chains and, where there are several, their values.
    ///
    /// - Parameters:
    ///   - limit: most entries.
    ///   - before: only entries older than the one with this id.
    public func history(limit: Int, before: Int64? = nil) throws(StorageError) -> [JournalEntry] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM entry WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before ?? .max, limit]
            ).map(JournalEntry.init)
        }
    }

    /// The chains of an entry; nil when it left the chain alone or they were let go.
    public func link(of entry: Int64) throws(StorageError) -> JournalEntry.Link? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT before, after FROM entryLink WHERE entry = ?", arguments: [entry])
            return row.map { JournalEntry.Link(before: $0[0], after: $0[1]) }
        }
    }

    /// A client's entries that it can take back or make again, with their values, the oldest first.
    ///
    /// - Parameter limit: the newest so many.
    public func reversible(of client: String, limit: Int) throws(StorageError) -> [JournalEntry] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM entry WHERE client = ? AND state IN (0, 1) ORDER BY id DESC LIMIT ?",
                arguments: [client, limit]
            ).reversed().map { try JournalEntry($0).completed(from: database) }
        }
    }
}

extension JournalEntry {
    init(_ row: Row) {
        self.init(
            id: row["id"],
            timestamp: row["timestamp"],
            client: row["client"],
            kind: row["kind"],
            title: row["title"],
            state: State(rawValue: row["state"]) ?? .discarded
        )
        if let instance = row["instance"] as String?, let key = row["key"] as String? {
            values[JournalKey(instance: instance, key: key)] = Values(before: row["before"], after: row["after"])
        }
    }

    /// With the values that are not in its row.
    func completed(from database: Database) throws -> JournalEntry {
        guard values.isEmpty else { return self }
        var entry = self
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT instance, key, before, after FROM entryValue WHERE entry = ?",
            arguments: [id]
        )
        while let row = try rows.next() {
            entry.values[JournalKey(instance: row[0], key: row[1])] = Values(before: row[2], after: row[3])
        }
        return entry
    }
}
