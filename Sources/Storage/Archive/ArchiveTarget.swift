import CZip
import Foundation

/// The file that libzip writes an archive into, as a source of libzip's that begins absent.
final class ArchiveTarget: ArchiveSource {
    private let descriptor: Int32
    private let path: String
    private let progress: ArchiveProgress
    private var position: Int64 = 0
    private var size: Int64 = 0

    /// - Parameter descriptor: open for writing until the archive is closed; an empty file.
    init(descriptor: Int32, path: String, progress: ArchiveProgress) {
        self.descriptor = descriptor
        self.path = path
        self.progress = progress
        super.init()
    }

    private static let supported = mask([
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
        ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_COMMIT_WRITE,
        ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE, ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE,
    ])

    override func perform(
        _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: Int
    ) -> zip_int64_t {
        switch command {
        case ZIP_SOURCE_SUPPORTS: return Self.supported
        case ZIP_SOURCE_ERROR: return zip_error_to_data(&error, data, zip_uint64_t(length))
        case ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_REMOVE: return 0
        case ZIP_SOURCE_WRITE: return write(data, length)
        case ZIP_SOURCE_TELL_WRITE: return position
        case ZIP_SOURCE_SEEK_WRITE:
            guard let data else { return refuse(ZIP_ER_INVAL, EINVAL) }
            let target = zip_source_seek_compute_offset(
                zip_uint64_t(position), zip_uint64_t(size), data, zip_uint64_t(length), &error)
            guard target >= 0 else { return -1 }
            position = target
            return 0
        // The archive does not exist yet.
        case ZIP_SOURCE_STAT: return refuse(ZIP_ER_READ, ENOENT)
        default: return refuse(ZIP_ER_OPNOTSUPP, EINVAL)
        }
    }

    private func write(_ data: UnsafeMutableRawPointer?, _ length: Int) -> zip_int64_t {
        var done = 0
        while done < length {
            let count = pwrite(descriptor, data?.advanced(by: done), length - done, off_t(position) + off_t(done))
            if count < 0 {
                if errno == EINTR { continue }
                let cause = errno
                progress.fail(StorageError(errno: cause, operation: "write", path: path))
                return refuse(ZIP_ER_WRITE, cause)
            }
            done += count
        }
        position += Int64(length)
        size = max(size, position)
        return zip_int64_t(length)
    }
}
