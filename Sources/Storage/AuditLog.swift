public import Foundation

/// A file of lines that only grows, and starts again under a new name when it has become long.
///
/// Lines wait in memory until `flush`; a process that is killed loses those. Not safe for use by several threads at
/// once.
public final class AuditLog {
    public static let fileName = "audit.log"
    /// Older files, `audit.log.1` being the newest of them.
    static let keptFiles = 4

    private let file: URL
    private let maximumBytes: Int
    private var waiting: [UInt8] = []
    private var size = 0
    private var descriptor: OpenFile?

    /// A reference, so that it can be replaced.
    private final class OpenFile {
        let file: FileDescriptor

        init(path: String) throws(StorageError) {
            file = try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        }
    }

    /// - Parameters:
    ///   - directory: where the file lies. It is opened at the first `flush`.
    ///   - maximumBytes: length from which on a new file is begun.
    public init(directory: URL, maximumBytes: Int) {
        file = directory.appending(path: Self.fileName)
        self.maximumBytes = maximumBytes
    }

    /// Adds a line, without a line break in it.
    public func append(_ line: some Sequence<UInt8>) {
        waiting += line
        waiting.append(UInt8(ascii: "\n"))
    }

    /// Writes the lines that wait. What cannot be written is given up, so that a full disk does not fill the memory
    /// too.
    public func flush() throws(StorageError) {
        guard !waiting.isEmpty else { return }
        defer { waiting.removeAll(keepingCapacity: true) }
        if descriptor == nil {
            descriptor = try OpenFile(path: file.path(percentEncoded: false))
            size = try descriptor?.file.size() ?? 0
        }
        if size > 0, size + waiting.count > maximumBytes { try rotate() }
        try descriptor?.file.write(Data(waiting))
        size += waiting.count
    }

    private func rotate() throws(StorageError) {
        descriptor = nil
        let path = file.path(percentEncoded: false)
        for number in stride(from: Self.keptFiles, to: 0, by: -1) {
            let older = number == 1 ? path : "\(path).\(number - 1)"
            guard rename(older, "\(path).\(number)") == 0 || errno == ENOENT else {
                throw StorageError(errno: errno, operation: "rename", path: older)
            }
        }
        descriptor = try OpenFile(path: path)
        size = 0
    }
}
