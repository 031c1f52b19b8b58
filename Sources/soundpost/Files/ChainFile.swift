import ChainModel
import Foundation

/// A LinkConfig file without faults.
struct ChainFile {
    /// As given on the command line; every message about the file begins with it.
    let path: String
    /// The root chain's name, or the file's where it has none.
    let title: String
    let chain: FlattenedChain

    /// - Throws: ``CommandFailure`` with all faults of the file.
    init(path: String) throws {
        do {
            try self.init(reading: path)
        } catch let faults as ChainFaults {
            throw CommandFailure(faults.faults.map { "\(path): \($0)" })
        }
    }

    /// - Throws: `ChainFaults` for a file that can be read but is no sound chain, else ``CommandFailure``.
    init(reading path: String) throws {
        let link = try LinkConfig.decode(InputFile.read(path))
        self.path = path
        chain = try ChainFlattener().flatten(link)
        let name = link.chains[link.rootChainId]?.name ?? ""
        title = name.isEmpty ? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent : name
    }
}
