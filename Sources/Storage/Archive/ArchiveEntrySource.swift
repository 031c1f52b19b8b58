import CZip
import Foundation

/// The contents of one entry, as a source that libzip reads while it closes the archive.
final class ArchiveEntrySource: ArchiveSource {
    enum Contents {
        /// Opened when libzip begins to read, read as long as it is then.
        case file(URL)
        case data(Data)
    }

    private let contents: Contents
    private let progress: ArchiveProgress
    private var descriptor: Int32 = -1
    private var position = 0
    private var size = 0

    init(_ contents: Contents, progress: ArchiveProgress) {
        self.contents = contents
        self.progress = progress
        super.init()
    }

    deinit {
        closeFile()
    }

    private static let supported = mask([
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
        ZIP_SOURCE_SUPPORTS,
    ])

    override func perform(
        _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: Int
    ) -> zip_int64_t {
        switch command {
        case ZIP_SOURCE_SUPPORTS: return Self.supported
        case ZIP_SOURCE_ERROR: return zip_error_to_data(&error, data, zip_uint64_t(length))
        case ZIP_SOURCE_STAT:
            // Sizes are measured while reading; the header is mended afterwards.
            guard let data, length >= MemoryLayout<zip_stat_t>.size else { return refuse(ZIP_ER_INVAL, EINVAL) }
            zip_stat_init(data.assumingMemoryBound(to: zip_stat_t.self))
            return zip_int64_t(MemoryLayout<zip_stat_t>.size)
        case ZIP_SOURCE_OPEN: return open()
        case ZIP_SOURCE_READ: return data.map { read(into: $0, length) } ?? refuse(ZIP_ER_INVAL, EINVAL)
        case ZIP_SOURCE_CLOSE:
            closeFile()
            return 0
        default: return refuse(ZIP_ER_OPNOTSUPP, EINVAL)
        }
    }

    private func open() -> zip_int64_t {
        position = 0
        switch contents {
        case .data(let data): size = data.count
        case .file(let url):
            descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            var status = stat()
            guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
                return fail(StorageError(errno: errno, operation: "open", path: url.path), ZIP_ER_OPEN)
            }
            guard status.st_mode & S_IFMT == S_IFREG else {
                let reason = "is no plain file"
                return fail(StorageError(.failed, operation: "open", path: url.path, reason: reason), ZIP_ER_OPEN)
            }
            size = Int(status.st_size)
        }
        progress.bytesLeft -= size
        guard progress.bytesLeft >= 0 else {
            let reason = "the files together have more than the \(progress.limit) bytes that an archive may hold"
            return fail(StorageError(.tooLarge, operation: "write", path: "archive", reason: reason), ZIP_ER_READ)
        }
        return 0
    }

    private func read(into target: UnsafeMutableRawPointer, _ length: Int) -> zip_int64_t {
        let wanted = min(length, size - position)
        guard wanted > 0 else { return 0 }
        switch contents {
        case .data(let data):
            let start = data.startIndex + position
            data[start..<start + wanted].copyBytes(
                to: UnsafeMutableRawBufferPointer(start: target, count: wanted))
            position += wanted
            return zip_int64_t(wanted)
        case .file(let url):
            while true {
                let count = pread(descriptor, target, wanted, off_t(position))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else {
                    return fail(StorageError(errno: errno, operation: "read", path: url.path), ZIP_ER_READ)
                }
                position += count
                return zip_int64_t(count)
            }
        }
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func fail(_ failure: StorageError, _ code: Int32) -> zip_int64_t {
        progress.fail(failure)
        return refuse(code, EIO)
    }
}
