import GRDB

extension JournalWrite {
    /// Writes everything, within the transaction of the caller.
    func apply(to database: Database) throws {
        try applyValues(to: database)
        try applyEntries(to: database)
        for (instance, preset) in loadedPresets {
            if let preset {
                try database.cachedStatement(
                    sql: """
                        INSERT INTO loadedPreset (instance, preset) VALUES (?, ?)
                        ON CONFLICT (instance) DO UPDATE SET preset = excluded.preset
                        """
                ).execute(arguments: [instance, preset])
            } else {
                try database.cachedStatement(sql: "DELETE FROM loadedPreset WHERE instance = ?")
                    .execute(arguments: [instance])
            }
        }
    }

    private func applyValues(to database: Database) throws {
        guard !values.isEmpty else { return }
        let store = try database.cachedStatement(
            sql: """
                INSERT INTO value (instance, key, text) VALUES (?, ?, ?)
                ON CONFLICT (instance, key) DO UPDATE SET text = excluded.text
                """
        )
        for (key, text) in values {
            if let text {
                try store.run { row in
                    row.bind(key.instance)
                    row.bind(key.key)
                    row.bind(text)
                }
            } else {
                try database.cachedStatement(sql: "DELETE FROM value WHERE instance = ? AND key = ?")
                    .execute(arguments: [key.instance, key.key])
            }
        }
    }

    private func applyEntries(to database: Database) throws {
        guard !entries.isEmpty else { return }
        let last = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM entry")) ?? 0
        let store = try database.cachedStatement(
            sql: """
                INSERT INTO entry (id, timestamp, client, kind, title, state, instance, key, before, after)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    timestamp = excluded.timestamp, title = excluded.title, state = excluded.state,
                    instance = excluded.instance, key = excluded.key, before = excluded.before, after = excluded.after
                """
        )
        let storeValue = try database.cachedStatement(
            sql: "INSERT INTO entryValue (entry, instance, key, before, after) VALUES (?, ?, ?, ?, ?)"
        )
        let clearValues = try database.cachedStatement(sql: "DELETE FROM entryValue WHERE entry = ?")
        for (id, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let only = entry.values.count == 1 ? entry.values.first : nil
            try store.run { row in
                row.bind(id)
                row.bind(entry.timestamp)
                row.bind(entry.client)
                row.bind(entry.kind)
                row.bind(entry.title)
                row.bind(Int64(entry.state.rawValue))
                row.bind(only?.key.instance)
                row.bind(only?.key.key)
                row.bind(only?.value.before)
                row.bind(only?.value.after)
            }
            // An entry that was taken back in part has fewer values than before.
            if id <= last { try clearValues.execute(arguments: [id]) }
            if only == nil {
                for (key, values) in entry.values {
                    try storeValue.execute(arguments: [id, key.instance, key.key, values.before, values.after])
                }
            }
            if let link = entry.link {
                try database.cachedStatement(
                    sql: "INSERT INTO entryLink (entry, before, after) VALUES (?, ?, ?) ON CONFLICT (entry) DO NOTHING"
                ).execute(arguments: [id, link.before, link.after])
            }
        }
    }
}
