import ControlProtocol
import Foundation
import NIOCore
import NIOPosix

/// A file that exists for one transfer; its maker calls ``remove()``. Reads and writes block a thread of NIO's pool,
/// never a task's.
final class TemporaryFile: Sendable {
    let url: URL
    private let descriptor: Int32

    /// Makes the file.
    init(making url: URL) throws(Refusal) {
        self.url = url
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Self.fault(errno) }
    }

    /// Opens a file that is complete.
    init(opening url: URL) throws(Refusal) {
        self.url = url
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.fault(errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Takes the name away, if the file still has it; what has been opened stays readable.
    func remove() {
        Self.remove(url)
    }

    static func remove(_ url: URL) {
        unlink(url.path)
    }

    /// Bytes in the file. Goes back to its start.
    func size() throws(Refusal) -> Int {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.fault(errno) }
        return Int(end)
    }

    /// Writes bytes behind those that are there.
    func append(_ bytes: ByteBuffer) async throws {
        try await NIOThreadPool.singleton.runIfActive { [descriptor] in
            try bytes.withUnsafeReadableBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if errno != EINTR {
                        throw Self.fault(errno)
                    }
                }
            }
        }
    }

    /// The next bytes; none at the end.
    func read(upTo count: Int) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive { [descriptor] in
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
                while true {
                    let got = Foundation.read(descriptor, bytes.baseAddress, count)
                    if got >= 0 { return got }
                    guard errno == EINTR else { throw Self.fault(errno) }
                }
            }
            return buffer
        }
    }

    private static func fault(_ number: Int32) -> Refusal {
        let reason = String(cString: strerror(number))
        return Refusal(ControlError(.storage, "The file cannot be kept: \(reason)."))
    }
}
