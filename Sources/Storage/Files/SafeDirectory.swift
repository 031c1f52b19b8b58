public import Foundation

/// A directory that is reached and used without following a symbolic link, not even one that is put in its place
/// meanwhile: every step goes through the descriptor of the directory above (`openat` and its kin).
///
/// Any thread; one owner at a time.
public struct SafeDirectory: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens a directory by its path. Of the path only the last part is kept from being a link.
    public init(_ url: URL) throws(StorageError) {
        let path = url.path(percentEncoded: false)
        descriptor = try FileDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
    }

    private init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Opens a directory in this one; nil when there is none.
    public borrowing func child(_ name: FileName) throws(StorageError) -> SafeDirectory? {
        do throws(StorageError) {
            return SafeDirectory(try open(name, O_RDONLY | O_DIRECTORY))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Opens a directory in this one, made when there is none.
    public borrowing func makeChild(_ name: FileName) throws(StorageError) -> SafeDirectory {
        if mkdirat(descriptor.number, name.rawValue, 0o755) == 0 {
            try descriptor.synchronize()
        } else if errno != EEXIST {
            throw StorageError(errno: errno, operation: "mkdir", path: path(of: name.rawValue))
        }
        return SafeDirectory(try open(name, O_RDONLY | O_DIRECTORY))
    }

    /// The contents of a file; nil when there is none.
    public borrowing func read(_ name: FileName, limit: Int) throws(StorageError) -> Data? {
        do throws(StorageError) {
            let file = try open(name, O_RDONLY | O_NONBLOCK)
            try file.plainFileSize()
            return try file.read(limit: limit)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Replaces a file as ``AtomicFile`` does: afterwards the whole new one is on disk, or, after an error, the old
    /// one.
    public borrowing func write(_ data: Data, to name: FileName) throws(StorageError) {
        let temporary = AtomicFile.temporaryName(for: name.rawValue)
        do throws(StorageError) {
            let file = try FileDescriptor(
                opening: temporary,
                in: descriptor,
                flags: O_WRONLY | O_CREAT | O_EXCL
            )
            try file.write(data)
            try file.synchronize()
        } catch {
            // The failure is what matters; a temporary file that stays is swept at the next start.
            unlinkat(descriptor.number, temporary, 0)
            throw error
        }
        try descriptor.replace(name.rawValue, by: temporary)
    }

    /// Removes a file for good. After an error it is still there.
    ///
    /// - Returns: whether there was one.
    public borrowing func remove(_ name: FileName) throws(StorageError) -> Bool {
        try descriptor.remove(name.rawValue, by: AtomicFile.temporaryName(for: name.rawValue))
    }

    /// Names of everything in it, sorted.
    public borrowing func names() throws(StorageError) -> [String] {
        // A descriptor of its own, because the stream closes it.
        let number = openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0, let stream = fdopendir(number) else {
            throw StorageError(errno: errno, operation: "opendir", path: descriptor.path)
        }
        return DirectoryListing.names(of: stream)
    }

    private borrowing func open(_ name: FileName, _ flags: Int32) throws(StorageError) -> FileDescriptor {
        try FileDescriptor(opening: name.rawValue, in: descriptor, flags: flags)
    }

    private borrowing func path(of name: String) -> String {
        "\(descriptor.path)/\(name)"
    }
}
