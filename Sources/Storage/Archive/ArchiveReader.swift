import CZip
public import Foundation

/// Unpacks zip archives from outside. Bytes of any kind are safe.
public enum ArchiveReader {
    private static let chunkSize = 64 << 10

    /// Unpacks an archive's files.
    ///
    /// The table of contents is checked before anything is written; sizes are counted while the contents are inflated,
    /// whatever the headers say. Files are made with mode 0644, never over others. Takes 64 KiB of memory beside the
    /// table. Any thread; off actors, it takes its time.
    ///
    /// - Parameters:
    ///   - archive: a plain file; a symbolic link is refused.
    ///   - staging: an empty directory. After a failure it is empty again.
    ///   - accepts: whether the caller knows what to do with a file; one that it does not refuses the archive.
    /// - Returns: the files, sorted.
    /// - Throws: `bad_archive` and `bad_name` for what is refused, `too_large` for what is beyond the limits, and what
    ///   writing can meet.
    @discardableResult
    public static func extract(
        _ archive: URL,
        into staging: URL,
        limits: ArchiveLimits = ArchiveLimits(),
        accepts: (ArchivePath) -> Bool = { _ in true }
    ) throws(StorageError) -> [ArchivePath] {
        let file = try FileDescriptor(opening: archive.path, flags: O_RDONLY | O_NONBLOCK)
        let fault = ArchiveFault(archive: archive.path)
        let directory = try ArchiveDirectory(of: file, limits: limits)
        for entry in directory.entries where !entry.isFolder && !accepts(entry.path) {
            throw fault.refuse("has '\(entry.path)', which has no place here")
        }
        let zip = try open(file, fault)
        defer { zip_discard(zip) }
        guard zip_get_num_entries(zip, 0) == directory.entries.count else {
            throw fault.refuse("has an ambiguous table of contents")
        }
        do throws(StorageError) {
            try extract(directory, of: zip, into: staging, limits: limits, fault)
        } catch {
            try FileTree.removeContents(of: staging)
            throw error
        }
        return directory.entries.filter { !$0.isFolder }.map(\.path).sorted()
    }

    private static func extract(
        _ directory: ArchiveDirectory, of zip: OpaquePointer, into staging: URL, limits: ArchiveLimits,
        _ fault: ArchiveFault
    ) throws(StorageError) {
        var left = min(
            limits.bytes, max(1 << 20, directory.archiveSize.multipliedReportingOverflow(by: limits.ratio).partialValue)
        )
        for (index, entry) in directory.entries.enumerated() where !entry.isFolder {
            guard
                zip_get_name(zip, zip_uint64_t(index), zip_flags_t(ZIP_FL_ENC_RAW)).map({ String(cString: $0) })
                    == entry.path.description
            else { throw fault.refuse("has an ambiguous table of contents") }
            for folder in entry.path.folders {
                try FileTree.makeDirectory(folder.reduce(staging) { $0.appending(path: $1) })
            }
            let most = min(left, max(64 << 10, entry.compressedSize * limits.ratio))
            let target = try FileDescriptor(
                opening: entry.path.url(in: staging).path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
            left -= try inflate(index, of: zip, named: entry.path, to: target, most: most, fault)
        }
    }

    /// - Returns: the number of bytes.
    private static func inflate(
        _ index: Int, of zip: OpaquePointer, named path: ArchivePath, to target: borrowing FileDescriptor, most: Int,
        _ fault: ArchiveFault
    ) throws(StorageError) -> Int {
        guard let entry = zip_fopen_index(zip, zip_uint64_t(index), 0) else {
            throw fault.refuse("does not give '\(path)': \(String(cString: zip_strerror(zip)))")
        }
        defer { zip_fclose(entry) }
        var chunk = Data(count: chunkSize)
        var total = 0
        while true {
            let count = chunk.withUnsafeMutableBytes { zip_fread(entry, $0.baseAddress, zip_uint64_t($0.count)) }
            guard count >= 0 else {
                throw fault.refuse("is broken in '\(path)': \(String(cString: zip_file_strerror(entry)))")
            }
            if count == 0 { return total }
            total += Int(count)
            guard total <= most else {
                throw fault.tooLarge("inflates '\(path)' to more than the \(most) bytes that are taken")
            }
            try target.write(chunk.prefix(Int(count)))
        }
    }

    private static func open(
        _ file: borrowing FileDescriptor, _ fault: ArchiveFault
    ) throws(StorageError) -> OpaquePointer {
        // libzip closes the number it is given, when it takes it.
        let copy = fcntl(file.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw StorageError(errno: errno, operation: "dup", path: file.path) }
        var code: Int32 = 0
        guard let zip = zip_fdopen(copy, ZIP_CHECKCONS, &code) else {
            close(copy)
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw fault.refuse("is no sound zip archive: \(String(cString: zip_error_strerror(&error)))")
        }
        return zip
    }
}
