import Foundation

/// SQLite's write-ahead log, opened beside SQLite's own connection, to be synchronised without holding that one.
///
/// Closing a file drops the process's locks on it (POSIX). SQLite locks the database and its `-shm` file, never the
/// log; all the same this stays open until the journal ends.
struct LogFile: ~Copyable {
    private let descriptor: FileDescriptor

    init(path: String) throws(StorageError) {
        descriptor = try FileDescriptor(opening: path, flags: O_RDONLY)
    }

    borrowing func synchronize() throws(StorageError) {
        try descriptor.synchronize()
    }

    /// In bytes.
    borrowing func size() throws(StorageError) -> Int {
        try descriptor.size()
    }
}
