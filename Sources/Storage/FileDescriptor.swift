import Foundation

/// An open file that closes itself.
struct FileDescriptor: ~Copyable {
    let number: Int32
    let path: String

    /// Opens a file. A symbolic link as the last part of the path is refused.
    init(opening path: String, flags: Int32, mode: mode_t = 0o644) throws(StorageError) {
        number = open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        self.path = path
        guard number >= 0 else { throw StorageError(errno: errno, operation: "open", path: path) }
    }

    /// Opens a file in a directory that is open. A symbolic link is refused.
    init(
        opening name: String,
        in directory: borrowing FileDescriptor,
        flags: Int32,
        mode: mode_t = 0o644
    ) throws(StorageError) {
        number = openat(directory.number, name, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        path = "\(directory.path)/\(name)"
        guard number >= 0 else { throw StorageError(errno: errno, operation: "open", path: path) }
    }

    deinit {
        if number >= 0 { close(number) }
    }

    borrowing func write(_ data: Data) throws(StorageError) {
        var written = 0
        while written < data.count {
            let count = data.withUnsafeBytes { bytes in
                Foundation.write(number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw StorageError(errno: errno, operation: "write", path: path)
            }
            written += count
        }
    }

    /// The whole file, if it is not larger than `limit` bytes.
    borrowing func read(limit: Int) throws(StorageError) -> Data {
        var data = Data()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(number, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw StorageError(errno: errno, operation: "read", path: path)
            }
            if count == 0 { return data }
            data.append(contentsOf: chunk[..<count])
            guard data.count <= limit else {
                throw StorageError(.tooLarge, operation: "read", path: path, reason: "more than \(limit) bytes")
            }
        }
    }

    /// In bytes.
    borrowing func size() throws(StorageError) -> Int {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw StorageError(errno: errno, operation: "fstat", path: path) }
        return Int(status.st_size)
    }

    /// Waits until the system has the contents on disk.
    borrowing func synchronize() throws(StorageError) {
        guard fsync(number) == 0 else { throw StorageError(errno: errno, operation: "fsync", path: path) }
    }
}
