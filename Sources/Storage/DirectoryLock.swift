public import Foundation

/// Holds a data directory for one process at a time.
///
/// The lock (`flock` on `.lock` in the directory) ends with the object or the process, however that ends. Any thread.
public final class DirectoryLock: Sendable {
    public let directory: URL
    private let descriptor: Int32

    /// Makes the directory when there is none, and takes the lock.
    ///
    /// - Throws: `in_use` when another process, or another lock of this one, has it.
    public init(directory: URL) throws(StorageError) {
        self.directory = directory
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            if let cause = (error as? CocoaError)?.underlying as? POSIXError {
                throw StorageError(errno: cause.code.rawValue, operation: "mkdir", path: directory.path)
            }
            throw StorageError(.failed, operation: "mkdir", path: directory.path, reason: "\(error)")
        }
        let path = directory.appending(path: ".lock").path
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard number >= 0 else { throw StorageError(errno: errno, operation: "open", path: path) }
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            close(number)
            guard cause == EWOULDBLOCK else { throw StorageError(errno: cause, operation: "flock", path: path) }
            throw StorageError(
                .inUse,
                operation: "lock",
                path: directory.path,
                reason: "another node uses this data directory; stop it or choose another directory"
            )
        }
        descriptor = number
    }

    deinit {
        close(descriptor)
    }
}
