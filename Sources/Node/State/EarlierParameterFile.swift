import Foundation
import Storage

/// `parameters.json`, in which nodes before the journal kept their values. Read once, then removed.
struct EarlierParameterFile {
    static let name = "parameters.json"

    private struct Contents: Decodable {
        var version: Int
        var values: [String: [String: String]]
    }

    private let url: URL

    init(directory: URL) {
        url = directory.appending(path: Self.name, directoryHint: .notDirectory)
    }

    /// Takes its values into the journal, which wins where both have one. Nothing happens when there is no such file.
    func move(into journal: Journal) throws(NodeStartError) {
        guard let contents = try StateFile.read(Contents.self, from: url, as: "parameter values") else { return }
        guard contents.version == 1 else {
            throw NodeStartError(
                .badFile,
                path: url.path(percentEncoded: false),
                "The file has version \(contents.version); this node reads version 1."
            )
        }
        do throws(StorageError) {
            let present = try journal.values()
            var write = JournalWrite()
            for (instance, parameters) in contents.values {
                // Sorted, so that of two spellings of one key the same one wins on every machine.
                for (key, text) in parameters.sorted(by: { $0.key < $1.key }) {
                    let element = JournalKey(instance: instance, spelled: key)
                    if present[instance]?[element.key] == nil { write.set(element, to: text) }
                }
            }
            try journal.commit(write)
            try journal.synchronize()
            try AtomicFile.remove(url)
        } catch {
            throw NodeStartError(
                .directoryUnusable,
                path: url.path(percentEncoded: false),
                "The file's values cannot be taken into the journal. (\(error))"
            )
        }
    }
}
