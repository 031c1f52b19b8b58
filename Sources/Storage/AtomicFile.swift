public import Foundation

/// Files that are written whole or not at all (README decision 18).
public enum AtomicFile {
    /// What temporary files end with; no other file in a data directory does.
    static let temporarySuffix = ".soundpost-tmp"

    /// Replaces a file: temporary file in the same directory, fsync, rename, fsync of the directory.
    ///
    /// When this returns, the contents survive a crash and a power cut. When it throws, the old file is as it was. Any
    /// thread; of two writers of one file the later one wins.
    ///
    /// - Throws: Which operation failed, on which path, and the system's reason.
    public static func write(_ data: Data, to file: URL) throws(StorageError) {
        let directory = try open(file.deletingLastPathComponent())
        let temporary = temporaryName(for: file.lastPathComponent)
        do throws(StorageError) {
            let descriptor = try FileDescriptor(opening: temporary, in: directory, flags: O_WRONLY | O_CREAT | O_EXCL)
            try descriptor.write(data)
            try descriptor.synchronize()
        } catch {
            // The failure is what matters; a temporary file that stays is swept at the next start.
            unlinkat(directory.number, temporary, 0)
            throw error
        }
        try directory.replace(file.lastPathComponent, by: temporary)
    }

    /// A new name for what is to become a file.
    static func temporary(beside file: URL) -> URL {
        file.deletingLastPathComponent().appending(path: temporaryName(for: file.lastPathComponent))
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

    /// Removes a file for good; nothing happens when there is none. After an error it is still there.
    public static func remove(_ file: URL) throws(StorageError) {
        let name = file.lastPathComponent
        _ = try open(file.deletingLastPathComponent()).remove(name, by: temporaryName(for: name))
    }

    /// Removes what interrupted writes left below a directory. For the start of a node, while it holds the directory's
    /// lock.
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

    /// A name that no file has, beside the file it is for.
    static func temporaryName(for name: String) -> String {
        ".\(name.prefix(32)).\(UUID().uuidString)\(temporarySuffix)"
    }

    /// Waits until the system has a directory's entries on disk.
    static func synchronize(_ directory: URL) throws(StorageError) {
        try open(directory).synchronize()
    }

    private static func open(_ directory: URL) throws(StorageError) -> FileDescriptor {
        try FileDescriptor(opening: directory.path, flags: O_RDONLY | O_DIRECTORY)
    }
}
