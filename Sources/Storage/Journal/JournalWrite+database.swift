import GRDB

extension JournalWrite {
    /// Writes everything, within the transaction of the caller.
    func apply(to database: Database) throws {
        try applyValues(to: database)
        for entry in entries.values {
            try apply(entry, to: database)
        }
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
                try store.execute(arguments: [key.instance, key.key, text])
            } else {
                try database.cachedStatement(sql: "DELETE FROM value WHERE instance = ? AND key = ?")
                    .execute(arguments: [key.instance, key.key])
            }
        }
    }

    private func apply(_ entry: JournalEntry, to database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO entry (id, timestamp, client, kind, title, state) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    timestamp = excluded.timestamp, title = excluded.title, state = excluded.state
                """
        ).execute(
            arguments: [entry.id, entry.timestamp, entry.client, entry.kind, entry.title, entry.state.rawValue]
        )
        // An entry that was taken back in part has fewer values than before.
        try database.cachedStatement(sql: "DELETE FROM entryValue WHERE entry = ?").execute(arguments: [entry.id])
        for (key, values) in entry.values {
            try database.cachedStatement(
                sql: "INSERT INTO entryValue (entry, instance, key, before, after) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [entry.id, key.instance, key.key, values.before, values.after])
        }
        if let link = entry.link {
            try database.cachedStatement(
                sql: "INSERT INTO entryLink (entry, before, after) VALUES (?, ?, ?) ON CONFLICT (entry) DO NOTHING"
            ).execute(arguments: [entry.id, link.before, link.after])
        }
    }
}
