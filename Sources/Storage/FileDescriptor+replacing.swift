import Foundation

/// Changes of a directory's entries that can be taken back until the directory itself is on disk.
extension FileDescriptor {
    /// Puts one file of this directory in the place of another, or where there was none, and waits until that is on
    /// disk.
    ///
    /// After an error the entry is what it was, and the new file is gone. The former file keeps a second name
    /// meanwhile, where the file system knows such; where it does not, a directory that cannot be brought to disk may
    /// show either.
    ///
    /// - Parameters:
    ///   - name: the entry that is replaced.
    ///   - temporary: the new file; its name ends as temporary files do.
    borrowing func replace(_ name: String, by temporary: String) throws(StorageError) {
        let former = "\(temporary)\(AtomicFile.temporarySuffix)"
        let hasFormer = linkat(number, name, number, former, 0) == 0
        let cause = errno
        do throws(StorageError) {
            guard hasFormer || [ENOENT, EPERM, ENOTSUP, EOPNOTSUPP].contains(cause) else {
                throw StorageError(errno: cause, operation: "link", path: "\(path)/\(name)")
            }
            guard renameat(number, temporary, number, name) == 0 else {
                throw StorageError(errno: errno, operation: "rename", path: "\(path)/\(name)")
            }
            do throws(StorageError) {
                try synchronize()
            } catch {
                // The error that is thrown is the one that matters; nothing more can be done if this fails, too.
                if hasFormer {
                    renameat(number, former, number, name)
                } else if cause == ENOENT {
                    unlinkat(number, name, 0)
                }
                throw error
            }
        } catch {
            unlinkat(number, temporary, 0)
            unlinkat(number, former, 0)
            throw error
        }
        // What stays of it is swept at the next start.
        if hasFormer { unlinkat(number, former, 0) }
    }

    /// Removes a file of this directory for good. After an error it is still there.
    ///
    /// - Parameter aside: a name that nothing has, for the time until the directory is on disk; temporary files end so.
    /// - Returns: whether there was one.
    borrowing func remove(_ name: String, by aside: String) throws(StorageError) -> Bool {
        guard renameat(number, name, number, aside) == 0 else {
            if errno == ENOENT { return false }
            throw StorageError(errno: errno, operation: "rename", path: "\(path)/\(name)")
        }
        do throws(StorageError) {
            try synchronize()
            guard unlinkat(number, aside, 0) == 0 else {
                throw StorageError(errno: errno, operation: "unlink", path: "\(path)/\(name)")
            }
        } catch {
            renameat(number, aside, number, name)
            throw error
        }
        return true
    }
}
