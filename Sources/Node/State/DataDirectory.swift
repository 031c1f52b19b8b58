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
            try DirectoryImport.recover(in: url)
            try AtomicFile.sweepTemporaries(below: url)
        } catch {
            let code: NodeStartError.Code = error.code == .inUse ? .directoryInUse : .directoryUnusable
            throw NodeStartError(code, path: url.path(percentEncoded: false), "\(error)")
        }
    }

    /// Opens the journal and takes in what earlier versions kept elsewhere.
    ///
    /// - Parameter isKept: false keeps values and history in memory only.
    func journal(historyLimit: Int, isKept: Bool) throws(NodeStartError) -> Journal {
        let journal: Journal
        do throws(StorageError) {
            journal = try Journal(directory: isKept ? url : nil, historyLimit: historyLimit)
        } catch {
            let code: NodeStartError.Code = error.code == .damaged ? .badFile : .directoryUnusable
            throw NodeStartError(
                code,
                path: error.path,
                "The journal cannot be opened, and was left as it is. Repair it or move it away. (\(error))"
            )
        }
        if isKept { try EarlierParameterFile(directory: url).move(into: journal) }
        try ImportedJournal(directory: url).move(into: journal)
        return journal
    }

    /// Where clients' audio files lie.
    var audio: URL { url.appending(path: "audio", directoryHint: .isDirectory) }
}
