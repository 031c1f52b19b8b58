public import Foundation
import GRDB
import Synchronization

/// Parameter values and the history of changes on disk: SQLite on one connection, with a write-ahead log.
///
/// `commit` returns when the change is in the log: it survives the end of the process, however that comes. A power cut
/// may take what `synchronize` has not yet seen; a node calls that every second. Debian's SQLite has a fault in
/// resetting the log with several connections, hence the one.
///
/// Any thread; calls wait for each other.
public final class Journal: Sendable {
    public static let fileName = "journal.sqlite"
    /// Chain edits that keep both chains and so can be taken back.
    static let keptLinks = 100
    /// The log is brought into the database when it has grown to this.
    private static let checkpointBytes = 48 << 20
    /// New entries after which those beyond the limits are let go.
    private static let pruningInterval = 1000

    private let queue: DatabaseQueue
    /// Nil when everything is in memory.
    private let file: URL?
    private let historyLimit: Int
    private let state = Mutex(State())
    /// Serialises what `synchronize` does to the log's file.
    private let log = Mutex<LogFile?>(nil)

    private struct State {
        var figures = JournalFigures()
        var entriesSincePruning = 0
        var isSynchronized = true
    }

    /// Opens the journal or makes a new one.
    ///
    /// - Parameters:
    ///   - directory: where `journal.sqlite` lies; nil keeps everything in memory and forgets it at the end.
    ///   - historyLimit: entries that are kept, at least one.
    /// - Throws: which file, and SQLite's words. A file that is none of ours is left as it is.
    public init(directory: URL?, historyLimit: Int) throws(StorageError) {
        file = directory?.appending(path: Self.fileName)
        self.historyLimit = max(historyLimit, 1)
        var configuration = Configuration()
        configuration.label = "soundpost.journal"
        // Only this class deletes, and takes what belongs together; SQLite would look for it row by row.
        configuration.foreignKeysEnabled = false
        if directory != nil { configuration.journalMode = .wal }
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0")
        }
        do {
            queue =
                try file.map { try DatabaseQueue(path: $0.path(percentEncoded: false), configuration: configuration) }
                ?? DatabaseQueue(configuration: configuration)
            try JournalSchema.migrator.migrate(queue)
        } catch {
            throw StorageError(database: error, operation: "open", path: file?.path ?? "memory")
        }
        prune()
        try synchronize()
    }

    /// Brings one change to the log: all of it, or, after an error, nothing.
    public func commit(_ write: JournalWrite) throws(StorageError) {
        guard !write.isEmpty else { return }
        try commit(write, afterClearing: false)
    }

    /// - Parameter afterClearing: whether everything there is goes first.
    func commit(_ write: JournalWrite, afterClearing: Bool) throws(StorageError) {
        let start = ContinuousClock.now
        do {
            try queue.write { database in
                if afterClearing {
                    try database.execute(
                        sql: """
                            DELETE FROM value; DELETE FROM entryValue; DELETE FROM entryLink; DELETE FROM entry;
                            DELETE FROM loadedPreset
                            """
                    )
                }
                try write.apply(to: database)
            }
        } catch {
            settle()
            state.withLock { $0.figures.addFailure() }
            throw StorageError(database: error, operation: "commit", path: file?.path ?? "memory")
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let isPruningDue = state.withLock { state in
            state.figures.add(seconds: seconds, changes: write.values.count)
            state.isSynchronized = false
            state.entriesSincePruning += write.entries.count
            return state.entriesSincePruning >= Self.pruningInterval
        }
        if isPruningDue { prune() }
    }

    /// Waits until the system has what was committed on disk. Does nothing when nothing was committed since.
    ///
    /// Commits go on meanwhile, except when the log has grown so long that it is brought into the database.
    public func synchronize() throws(StorageError) {
        guard let file, needsSynchronizing() else { return }
        do throws(StorageError) {
            let bytes = try log.withLock { log throws(StorageError) in
                if log == nil { log = try LogFile(path: file.path(percentEncoded: false) + "-wal") }
                try log?.synchronize()
                return try log?.size() ?? 0
            }
            if bytes > Self.checkpointBytes { try checkpoint("PASSIVE") }
        } catch {
            state.withLock { $0.isSynchronized = false }
            throw error
        }
    }

    /// Brings the log into the database and ends. Nothing may be called afterwards.
    public func close() throws(StorageError) {
        if file != nil { try checkpoint("TRUNCATE") }
        do {
            try queue.close()
        } catch {
            throw StorageError(database: error, operation: "close", path: file?.path ?? "memory")
        }
    }

    public var figures: JournalFigures { state.withLock { $0.figures } }

    /// SQLite rolls back by itself after some failures; with a statement outside of transactions GRDB notices.
    private func settle() {
        // What was rolled back is reported by the caller; this adds nothing to it.
        try? queue.writeWithoutTransaction { try $0.execute(sql: "SELECT 1") }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw StorageError(database: error, operation: "read", path: file?.path ?? "memory")
        }
    }

    private func needsSynchronizing() -> Bool {
        state.withLock { state in
            defer { state.isSynchronized = true }
            return !state.isSynchronized
        }
    }

    private func checkpoint(_ mode: String) throws(StorageError) {
        do {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(\(mode))") }
        } catch {
            throw StorageError(database: error, operation: "checkpoint", path: file?.path ?? "memory")
        }
    }

    /// Lets go of what is beyond the limits. What was committed stands, whether or not this succeeds: a failure, as on
    /// a disk that is full, is counted and made up for after the next commit.
    private func prune() {
        do {
            try queue.write { [historyLimit] database in
                guard let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM entry") else { return }
                let bound = last - Int64(historyLimit)
                try database.execute(
                    sql: """
                        DELETE FROM entryValue WHERE entry <= ?;
                        DELETE FROM entryLink WHERE entry <= ?;
                        DELETE FROM entry WHERE id <= ?;
                        DELETE FROM entryLink WHERE entry NOT IN
                            (SELECT entry FROM entryLink ORDER BY entry DESC LIMIT ?);
                        """,
                    arguments: [bound, bound, bound, Self.keptLinks]
                )
            }
            state.withLock { $0.entriesSincePruning = 0 }
        } catch {
            state.withLock { state in
                state.figures.addPruningFailure()
                state.entriesSincePruning = Self.pruningInterval
            }
        }
    }
}

extension StorageError {
    /// What SQLite said.
    init(database error: any Error, operation: String, path: String) {
        guard let error = error as? DatabaseError else {
            self.init(.failed, operation: operation, path: path, reason: "\(error)")
            return
        }
        let code: Code =
            switch error.resultCode {
            case .SQLITE_FULL: .noSpace
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: .damaged
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY: .noPermission
            case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse
            default: .failed
            }
        self.init(code, operation: operation, path: path, reason: error.message ?? "\(error.resultCode)")
    }
}
