public import Foundation

extension AtomicFile {
    /// Whether a name is one of those that a start sweeps away.
    public static func isTemporary(_ name: String) -> Bool {
        name.hasSuffix(temporarySuffix)
    }

    /// A new name for a temporary file in a directory, which is made when there is none; swept at the next start if it
    /// stays.
    public static func temporary(in directory: URL) throws(StorageError) -> URL {
        guard mkdir(directory.path, 0o700) == 0 || errno == EEXIST else {
            throw StorageError(errno: errno, operation: "mkdir", path: directory.path)
        }
        guard try DirectoryListing.kind(of: URL(filePath: directory.path, directoryHint: .notDirectory)) == .directory
        else {
            throw StorageError(.failed, operation: "mkdir", path: directory.path, reason: "it is no directory")
        }
        return directory.appending(path: ".\(UUID().uuidString)\(temporarySuffix)", directoryHint: .notDirectory)
    }

    /// Moves a file that is complete to its place, which it takes whole or not at all: fsync, rename, fsync of the
    /// directory.
    ///
    /// The directory is made when there is none; a symbolic link in its place is refused, and one in the file's place
    /// is replaced. Any thread. When it throws, the file is where it was, except after a failed fsync of the directory.
    ///
    /// - Throws: Which operation failed, on which path, and the system's reason.
    public static func adopt(_ temporary: URL, as file: URL) throws(StorageError) {
        let directory = file.deletingLastPathComponent().path
        guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
            throw StorageError(errno: errno, operation: "mkdir", path: directory)
        }
        let parent = try FileDescriptor(opening: directory, flags: O_RDONLY | O_DIRECTORY)
        let source = temporary.path
        try FileDescriptor(opening: source, flags: O_RDONLY).synchronize()
        guard renameat(AT_FDCWD, source, parent.number, file.lastPathComponent) == 0 else {
            throw StorageError(errno: errno, operation: "rename", path: file.path)
        }
        try parent.synchronize()
    }
}
