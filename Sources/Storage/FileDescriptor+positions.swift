import Foundation

extension FileDescriptor {
    /// Size of a plain file in bytes.
    ///
    /// - Throws: when it is a directory, a pipe, a device or whatever else could block or never end.
    @discardableResult
    borrowing func plainFileSize() throws(StorageError) -> Int {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw StorageError(errno: errno, operation: "fstat", path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.failed, operation: "open", path: path, reason: "is no plain file")
        }
        return Int(status.st_size)
    }

    /// Bytes from a position, fewer only where the file ends.
    borrowing func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                pread(number, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
            }
            if step < 0 {
                if errno == EINTR { continue }
                throw StorageError(errno: errno, operation: "read", path: path)
            }
            if step == 0 { break }
            done += step
        }
        bytes.removeLast(count - done)
        return bytes
    }
}
