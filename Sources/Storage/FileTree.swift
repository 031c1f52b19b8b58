import Foundation

/// Removes what lies below a directory. Symbolic links are removed, never followed.
enum FileTree {
    /// Removes everything in a directory, not the directory itself.
    static func removeContents(of directory: URL) throws(StorageError) {
        for name in try DirectoryListing.names(in: directory) {
            let entry = directory.appending(path: name)
            switch try DirectoryListing.kind(of: entry) {
            case .directory:
                try removeContents(of: entry)
                guard rmdir(entry.path) == 0 else {
                    throw StorageError(errno: errno, operation: "rmdir", path: entry.path)
                }
            case .file, .other:
                guard unlink(entry.path) == 0 else {
                    throw StorageError(errno: errno, operation: "unlink", path: entry.path)
                }
            }
        }
    }

    /// Makes a directory that may be there already.
    ///
    /// - Throws: also when something that is no directory has the name.
    static func makeDirectory(_ directory: URL) throws(StorageError) {
        if mkdir(directory.path, 0o755) == 0 { return }
        let cause = errno
        guard cause == EEXIST, try DirectoryListing.kind(of: directory) == .directory else {
            throw StorageError(errno: cause, operation: "mkdir", path: directory.path)
        }
    }
}
