import Foundation
import NIOCore
import NIOPosix
import Synchronization

#if canImport(CDispatch)
    import CDispatch  // which has `stat`, where the standard library is linked statically
#endif

/// The files of the page, as they lie in its directory. They are looked at anew for each request, and read when they
/// have changed, so that the page can be built again while the node runs.
///
/// Only plain files of bounded size are given out, and no links. A copy `NAME.gz` beside a file stands for it where the
/// client takes gzip, unless it is older than the file.
final class PageFiles: Sendable {
    /// A file as it goes out.
    struct Content: Sendable, Hashable {
        var bytes: ByteBuffer
        /// Changes with every byte.
        var tag: EntityTag
        var isCompressed: Bool
    }

    /// Bytes of one file.
    static let fileLimit = 8 << 20
    /// Bytes of files that are kept in memory.
    private static let keptLimit = 32 << 20

    /// What tells that a file is not the one that was read.
    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init(_ status: stat) {
            #if canImport(Darwin)
                let modified = status.st_mtimespec
            #else
                let modified = status.st_mtim
            #endif
            inode = UInt64(status.st_ino)
            size = Int(status.st_size)
            seconds = modified.tv_sec
            nanoseconds = modified.tv_nsec
        }

        func isOlder(than other: Stamp) -> Bool {
            (seconds, nanoseconds) < (other.seconds, other.nanoseconds)
        }
    }

    private struct Kept {
        var stamp: Stamp
        var bytes: ByteBuffer
        var tag: EntityTag
    }

    private let directory: URL
    private let kept = Mutex<[String: Kept]>([:])

    init(directory: URL) {
        self.directory = directory
    }

    /// The present contents of a file; nil when there is none. Reads on a thread of NIO's pool.
    func content(of name: PageFileName, acceptsGzip: Bool) async throws -> Content? {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            guard let plain = open(name.text) else { return nil }
            if acceptsGzip, let copy = open("\(name.text).gz"), !copy.stamp.isOlder(than: plain.stamp),
                let content = read(copy, isCompressed: true)
            {
                return content
            }
            return read(plain, isCompressed: false)
        }
    }

    private func open(_ name: String) -> OpenFile? {
        OpenFile(path: directory.appending(path: name, directoryHint: .notDirectory).path, name: name)
    }

    private func read(_ file: OpenFile, isCompressed: Bool) -> Content? {
        if let known = kept.withLock({ $0[file.name] }), known.stamp == file.stamp {
            return Content(bytes: known.bytes, tag: known.tag, isCompressed: isCompressed)
        }
        guard let bytes = file.read() else { return nil }
        let tag = EntityTag(of: bytes)
        kept.withLock { kept in
            kept[file.name] = nil
            if kept.values.reduce(bytes.readableBytes, { $0 + $1.bytes.readableBytes }) > Self.keptLimit {
                kept = [:]
            }
            kept[file.name] = Kept(stamp: file.stamp, bytes: bytes, tag: tag)
        }
        return Content(bytes: bytes, tag: tag, isCompressed: isCompressed)
    }

    /// A plain file of bounded size, open for reading.
    private final class OpenFile {
        let name: String
        let stamp: Stamp
        private let descriptor: Int32

        init?(path: String, name: String) {
            // A pipe in the file's place must not keep the reader waiting.
            let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { return nil }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= fileLimit
            else {
                close(descriptor)
                return nil
            }
            self.name = name
            self.descriptor = descriptor
            stamp = Stamp(status)
        }

        deinit {
            close(descriptor)
        }

        /// All of it; nil when it is no longer as long as it was.
        func read() -> ByteBuffer? {
            var buffer = ByteBufferAllocator().buffer(capacity: stamp.size)
            while buffer.readableBytes < stamp.size {
                let rest = stamp.size - buffer.readableBytes
                let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: rest) { bytes in
                    max(0, Foundation.read(descriptor, bytes.baseAddress, rest))
                }
                guard count > 0 else { return nil }
            }
            return buffer
        }
    }
}
