import ChainModel
import ControlProtocol
import Foundation
import Storage

/// The chain on disk, the authority on what the node plays.
struct ChainFile {
    private let store: LinkStore

    init(store: LinkStore) {
        self.store = store
    }

    var path: String { store.file.path(percentEncoded: false) }

    /// The stored chain; nil when there is none yet.
    func read() throws(NodeStartError) -> LinkConfig? {
        do {
            return try store.load().map { data throws(ChainFaults) in try LinkConfig.decode(data) }
        } catch let faults as ChainFaults {
            throw NodeStartError(
                .badFile,
                path: path,
                "The chain cannot be read, and was left as it is. Repair it or move it away.\n\(faults)"
            )
        } catch {
            throw NodeStartError(.badFile, path: path, "The chain cannot be read. (\(error))")
        }
    }

    /// Replaces the stored chain: afterwards the whole new one is on disk, or, after an error, the whole old one.
    func write(_ link: LinkConfig) throws(ControlError) {
        do {
            try store.save(try link.encoded())
        } catch {
            throw ControlError(.storage, "The chain could not be written to disk. (\(error))")
        }
    }
}
