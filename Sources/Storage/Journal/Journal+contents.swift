import GRDB

extension Journal {
    /// Everything, as it is at one moment.
    public func contents() throws(StorageError) -> JournalContents {
        try read { database in
            JournalContents(
                values: try Self.values(in: database),
                entries: try Row.fetchAll(database, sql: "SELECT * FROM entry ORDER BY id")
                    .map { try JournalEntry($0).completed(from: database) },
                loadedPresets: try Self.loadedPresets(in: database)
            )
        }
    }

    /// Takes other contents in place of all there are: all of them, or none. On disk when this returns.
    public func replace(with contents: JournalContents) throws(StorageError) {
        var write = JournalWrite()
        for (instance, parameters) in contents.values {
            for (key, text) in parameters {
                write.set(JournalKey(instance: instance, key: key), to: text)
            }
        }
        for entry in contents.entries {
            write.put(entry)
        }
        for (instance, preset) in contents.loadedPresets {
            write.setLoadedPreset(preset, of: instance)
        }
        try commit(write, afterClearing: true)
        try synchronize()
    }
}
