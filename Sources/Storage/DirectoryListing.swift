import Foundation

/// Names and kinds of what is in a directory. Symbolic links are not followed.
enum DirectoryListing {
    enum Kind {
        case file, directory, other
    }

    /// Sorted by name.
    static func names(in directory: URL) throws(StorageError) -> [String] {
        guard let stream = opendir(directory.path) else {
            throw StorageError(errno: errno, operation: "opendir", path: directory.path)
        }
        return names(of: stream)
    }

    /// Sorted by name. Closes the stream.
    static func names(of stream: OpaquePointer) -> [String] {
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func kind(of entry: URL) throws(StorageError) -> Kind {
        var status = stat()
        guard lstat(entry.path, &status) == 0 else {
            throw StorageError(errno: errno, operation: "lstat", path: entry.path)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }
}
