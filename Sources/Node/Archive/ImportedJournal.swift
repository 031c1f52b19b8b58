import Foundation
import Storage

/// `journal.json` in the data directory: an archive was imported, and its values are to take the place of the
/// journal's.
///
/// The import moves it into place together with the archive's other files. A node that ends before it was taken in
/// finds it at its next start.
struct ImportedJournal {
    private let url: URL

    init(directory: URL) {
        url = directory.appending(path: ArchivedJournal.name, directoryHint: .notDirectory)
    }

    /// Nothing happens when there is none.
    func move(into journal: Journal) throws(NodeStartError) {
        do {
            guard let json = try AtomicFile.read(url, limit: ArchivedJournal.maximumBytes) else { return }
            try journal.replace(with: try ArchivedJournal(json: json).contents)
            try AtomicFile.remove(url)
        } catch {
            throw NodeStartError(
                .badFile,
                path: url.path(percentEncoded: false),
                "The values of an imported archive cannot be taken in, and were left as they are. (\(error))"
            )
        }
    }
}
