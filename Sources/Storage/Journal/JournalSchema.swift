import GRDB

/// The tables of the journal. A form that was released is never changed; a new one is a further migration.
enum JournalSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE value (
                        instance TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,
                        PRIMARY KEY (instance, key)
                    ) WITHOUT ROWID;
                    CREATE TABLE entry (
                        id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, client TEXT NOT NULL, kind TEXT NOT NULL,
                        title TEXT NOT NULL, state INTEGER NOT NULL
                    );
                    CREATE INDEX entryByClient ON entry (client, id);
                    CREATE TABLE entryValue (
                        entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
                        instance TEXT NOT NULL, key TEXT NOT NULL, before TEXT, after TEXT,
                        PRIMARY KEY (entry, instance, key)
                    ) WITHOUT ROWID;
                    CREATE TABLE entryLink (
                        entry INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
                        before BLOB NOT NULL, after BLOB NOT NULL
                    );
                    CREATE TABLE loadedPreset (instance TEXT PRIMARY KEY, preset TEXT NOT NULL) WITHOUT ROWID;
                    """
            )
        }
        // A change of one value, as nearly all are, is one row. Only changes of several have rows in entryValue.
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: """
                    ALTER TABLE entry ADD COLUMN instance TEXT;
                    ALTER TABLE entry ADD COLUMN key TEXT;
                    ALTER TABLE entry ADD COLUMN before TEXT;
                    ALTER TABLE entry ADD COLUMN after TEXT;
                    UPDATE entry SET (instance, key, before, after) =
                        (SELECT instance, key, before, after FROM entryValue WHERE entry = id)
                    WHERE (SELECT count(*) FROM entryValue WHERE entry = id) = 1;
                    DELETE FROM entryValue WHERE (SELECT instance FROM entry WHERE id = entry) IS NOT NULL;
                    """
            )
        }
        return migrator
    }
}
