public import Foundation

/// A small file that nobody but its owner can read, such as an access token.
public enum SecretFile {
    /// The contents; nil when there is no such file. What is looked at is what is read: a file that is exchanged in
    /// between is not read in the place of the one that was found good.
    ///
    /// - Parameter limit: Most bytes that are read.
    /// - Throws: `not_private` for what is no plain file, belongs to another user or is open to others.
    public static func read(_ file: URL, limit: Int) throws(StorageError) -> Data? {
        let path = file.path
        do throws(StorageError) {
            // A pipe in the file's place must not keep the reader waiting.
            let descriptor = try FileDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
            var status = stat()
            guard fstat(descriptor.number, &status) == 0 else {
                throw StorageError(errno: errno, operation: "fstat", path: path)
            }
            guard status.st_mode & S_IFMT == S_IFREG else { throw notPrivate(path, "is no plain file") }
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw notPrivate(path, "belongs to another user")
            }
            guard status.st_mode & 0o077 == 0 else {
                throw notPrivate(path, "is open to others; run: chmod 600 '\(path)'")
            }
            return try descriptor.read(limit: limit)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Makes a file, whole or not at all, and the directories above it.
    ///
    /// - Returns: Whether there was none before; otherwise nothing is written.
    public static func create(_ file: URL, _ data: Data) throws(StorageError) -> Bool {
        let directory = file.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw StorageError(
                .failed, operation: "mkdir", path: directory.path, reason: error.localizedDescription)
        }
        let temporary = try AtomicFile.temporary(in: directory)
        let descriptor = try FileDescriptor(
            opening: temporary.path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        defer { unlink(temporary.path) }
        try descriptor.write(data)
        try descriptor.synchronize()
        // A link, unlike a rename, never replaces what another process has put there.
        guard link(temporary.path, file.path) == 0 else {
            if errno == EEXIST { return false }
            throw StorageError(errno: errno, operation: "link", path: file.path)
        }
        try FileDescriptor(opening: directory.path, flags: O_RDONLY | O_DIRECTORY).synchronize()
        return true
    }

    private static func notPrivate(_ path: String, _ reason: String) -> StorageError {
        StorageError(.notPrivate, operation: "read", path: path, reason: reason)
    }
}
