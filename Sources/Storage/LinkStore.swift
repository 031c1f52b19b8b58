public import Foundation

/// The chain of a node on disk: `current_link.json` in its data directory is the authority (TUN-8).
public struct LinkStore: Sendable {
    public static let fileName = "current_link.json"
    /// Most bytes that are read or written.
    public static let maximumBytes = 4 << 20

    public let file: URL

    public init(directory: URL) {
        file = directory.appending(path: Self.fileName)
    }

    /// The stored chain file; nil when none was saved yet.
    public func load() throws(StorageError) -> Data? {
        try AtomicFile.read(file, limit: Self.maximumBytes)
    }

    /// Stores a chain file; on disk when this returns. A write that fails leaves the old file.
    public func save(_ link: Data) throws(StorageError) {
        guard link.count <= Self.maximumBytes else {
            throw StorageError(
                .tooLarge,
                operation: "write",
                path: file.path,
                reason: "\(link.count) bytes; at most \(Self.maximumBytes) are stored"
            )
        }
        try AtomicFile.write(link, to: file)
    }
}
