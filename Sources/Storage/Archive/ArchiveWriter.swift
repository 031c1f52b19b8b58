import CZip
public import Foundation

/// Packs files into a zip archive.
///
/// Contents are stored, not deflated: sound does not shrink, the machine has audio to compute, and a long silence would
/// shrink by more than ``ArchiveReader`` takes back.
public struct ArchiveWriter {
    private var entries: [(path: ArchivePath, contents: ArchiveEntrySource.Contents)] = []

    public init() {}

    /// Adds a file that is read when the archive is written. A symbolic link is refused then.
    public mutating func add(file: URL, as path: ArchivePath) {
        entries.append((path, .file(file)))
    }

    public mutating func add(contents: Data, as path: ArchivePath) {
        entries.append((path, .data(contents)))
    }

    /// Writes the archive: temporary file beside it, fsync, rename, fsync of the directory. Streams: one file at a time
    /// is open, 64 KiB of it in memory. Any thread; off actors, it takes its time.
    ///
    /// - Throws: `too_large` beyond what ``ArchiveReader`` takes with the same limits, `bad_name` for two entries that
    ///   would meet in one file, and what reading and writing can meet. No archive is left then.
    public func write(to file: URL, limits: ArchiveLimits = ArchiveLimits()) throws(StorageError) {
        guard (1...limits.entries).contains(entries.count) else {
            throw StorageError(
                .tooLarge, operation: "write", path: file.path,
                reason: "there are \(entries.count) files; an archive may hold 1 to \(limits.entries)")
        }
        if let clash = ArchiveNames.fault(files: entries.map(\.path), folders: []) {
            throw StorageError(
                .badName, operation: "write", path: file.path, reason: "the archive would have \(clash)")
        }
        let temporary = AtomicFile.temporary(beside: file)
        do throws(StorageError) {
            let descriptor = try FileDescriptor(opening: temporary.path, flags: O_WRONLY | O_CREAT | O_EXCL)
            try write(to: descriptor, limits: limits)
            try descriptor.synchronize()
            guard rename(temporary.path, file.path) == 0 else {
                throw StorageError(errno: errno, operation: "rename", path: file.path)
            }
        } catch {
            // The failure is what matters; a temporary file that stays is swept at the next start.
            unlink(temporary.path)
            throw error
        }
        try AtomicFile.synchronize(file.deletingLastPathComponent())
    }

    private func write(to file: borrowing FileDescriptor, limits: ArchiveLimits) throws(StorageError) {
        let progress = ArchiveProgress(limit: limits.bytes)
        let target = ArchiveTarget(descriptor: file.number, path: file.path, progress: progress)
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let archive = target.makeSource(&error) else { throw failure(&error, progress, file.path) }
        guard let zip = zip_open_from_source(archive, ZIP_CREATE | ZIP_TRUNCATE, &error) else {
            zip_source_free(archive)
            throw failure(&error, progress, file.path)
        }
        for (path, contents) in entries {
            guard let source = ArchiveEntrySource(contents, progress: progress).makeSource(&error) else {
                zip_discard(zip)
                throw failure(&error, progress, file.path)
            }
            let index = zip_file_add(zip, path.description, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
            guard index >= 0, zip_set_file_compression(zip, zip_uint64_t(index), ZIP_CM_STORE, 0) == 0 else {
                if index < 0 { zip_source_free(source) }
                let reason = String(cString: zip_strerror(zip))
                zip_discard(zip)
                throw StorageError(.badName, operation: "write", path: "\(path)", reason: reason)
            }
        }
        guard zip_close(zip) == 0 else {
            let reason = String(cString: zip_strerror(zip))
            zip_discard(zip)
            throw progress.failure ?? StorageError(.failed, operation: "write", path: file.path, reason: reason)
        }
    }

    private func failure(_ error: inout zip_error_t, _ progress: ArchiveProgress, _ path: String) -> StorageError {
        progress.failure
            ?? StorageError(
                .failed, operation: "write", path: path, reason: String(cString: zip_error_strerror(&error)))
    }
}
