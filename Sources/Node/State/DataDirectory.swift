import Foundation
import Storage

/// The node's directory, held so that no other node uses it.
struct DataDirectory {
    let url: URL
    private let lock: DirectoryLock

    /// Makes the directory if there is none, takes it, and removes what interrupted writes have left behind.
    init(opening url: URL) throws(NodeStartError) {
        self.url = url
        do throws(StorageError) {
            lock = try DirectoryLock(directory: url)
            try AtomicFile.sweepTemporaries(below: url)
        } catch {
            let code: NodeStartError.Code = error.code == .inUse ? .directoryInUse : .directoryUnusable
            throw NodeStartError(code, path: url.path(percentEncoded: false), "\(error)")
        }
    }

    /// Where clients' audio files lie.
    var audio: URL { url.appending(path: "audio", directoryHint: .isDirectory) }
}
