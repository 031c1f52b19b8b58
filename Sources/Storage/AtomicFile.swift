public import Foundation

/// Files that are written whole or not at all (README decision 18).
public enum AtomicFile {
    /// What temporary files end with; no other file in a data directory does.
    static let temporarySuffix = ".soundpost-tmp"

    /// Replaces a file: temporary file in the same directory, fsync, rename, fsync of the directory.
    ///
    /// When this returns, the contents survive a crash and a power cut. When it throws, the old file is as it was, except
    /// after a failed fsync of the directory, when old or new contents, whole, may be there. Any thread; of two writers of
    /// one file the later one wins.
    ///
    /// - Throws: Which operation failed, on which path, and the system's reason.
    public static func write(_ data: Data, to file: URL) throws(StorageError) {
        let temporary = temporary(beside: file)
        do throws(StorageError) {
            let descriptor = try FileDescriptor(opening: temporary.path, flags: O_WRONLY | O_CREAT | O_EXCL)
            try descriptor.write(data)
            try descriptor.synchronize()
            guard rename(temporary.path, file.path) == 0 else {
                throw StorageError(errno: errno, operation: "rename", path: file.path)
            }
        } catch {
            // The failure is what matters; a temporary file that stays is swept at the next start.
            unlink(temporary.path)
            throw error
        }
        try synchronize(file.deletingLastPathComponent())
    }

    /// A new name for what is to become a file.
    static func temporary(beside file: URL) -> URL {
        file.deletingLastPathComponent()
            .appending(path: ".\(file.lastPathComponent).\(UUID().uuidString)\(temporarySuffix)")
    }

    /// The contents of a file; nil when there is none.
    ///
    /// - Parameter limit: Most bytes that are read.
    public static func read(_ file: URL, limit: Int) throws(StorageError) -> Data? {
        do throws(StorageError) {
            return try FileDescriptor(opening: file.path, flags: O_RDONLY).read(limit: limit)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Removes a file for good; nothing happens when there is none.
    public static func remove(_ file: URL) throws(StorageError) {
        guard unlink(file.path) == 0 else {
            if errno == ENOENT { return }
            throw StorageError(errno: errno, operation: "unlink", path: file.path)
        }
        try synchronize(file.deletingLastPathComponent())
    }

    /// Removes what interrupted writes left below a directory. For the start of a node, while it holds the directory's lock.
    ///
    /// - Returns: The files that were removed.
    @discardableResult
    public static func sweepTemporaries(below directory: URL) throws(StorageError) -> [URL] {
        var removed: [URL] = []
        for name in try DirectoryListing.names(in: directory) {
            let entry = directory.appending(path: name)
            switch try DirectoryListing.kind(of: entry) {
            case .directory: removed += try sweepTemporaries(below: entry)
            case .file where name.hasSuffix(temporarySuffix):
                try remove(entry)
                removed.append(entry)
            case .file, .other: break
            }
        }
        return removed
    }

    /// Waits until the system has a directory's entries on disk.
    static func synchronize(_ directory: URL) throws(StorageError) {
        try FileDescriptor(opening: directory.path, flags: O_RDONLY | O_DIRECTORY).synchronize()
    }
}
