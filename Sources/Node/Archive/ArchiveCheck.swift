import ChainModel
import ControlProtocol
import Foundation
import Storage

/// Reads what an archive was unpacked to, and judges it before anything of the node is touched.
struct ArchiveCheck: Sendable {
    let chain: FlattenedChain
    let journal: ArchivedJournal
    let summary: ArchiveSummary

    /// - Parameters:
    ///   - staging: where the archive was unpacked to.
    ///   - paths: what was in it.
    init(_ staging: URL, _ paths: [ArchivePath], flattener: ChainFlattener) throws(ControlError) {
        let names = Set(paths.map(\.description))
        do {
            guard names.contains(ArchiveLayout.chain), let data = try Self.read(ArchiveLayout.chain, in: staging) else {
                throw ControlError(.badArchive, "The archive has no \(ArchiveLayout.chain): it is none of a node.")
            }
            chain = try flattener.flatten(try LinkConfig.decode(data))
            _ = try CoreAssignmentFile(directory: staging).read()
            guard let values = try Self.read(ArchivedJournal.name, in: staging) else {
                throw ControlError(.badArchive, "The archive has no \(ArchivedJournal.name).")
            }
            journal = try ArchivedJournal(json: values)
        } catch let error as ControlError {
            throw error
        } catch let faults as ChainFaults {
            throw ControlError(.invalidChain, "The archive's chain has faults: \(faults)")
        } catch {
            throw ControlError(.badArchive, "The archive cannot be read: \(error)")
        }
        let files = PresetFiles(directory: staging)
        var presets = 0
        for instance in Set(paths.filter { $0.parts.first == ArchiveLayout.presets }.map { $0.parts[1] }).sorted() {
            presets += try files.everyPreset(of: instance).count
        }
        let profiles = try files.everyProfile().count
        for path in paths where path.parts.first == ArchiveLayout.audio {
            try AudioFiles.check(path.url(in: staging))
        }
        summary = ArchiveSummary(
            files: paths.count,
            presets: presets,
            profiles: profiles,
            parameters: journal.count,
            chainReplaced: true
        )
    }

    /// The archive's values, as its chain takes them.
    var parameters: ParameterStore { ParameterStore(chain: chain, stored: journal.contents.values) }

    private static func read(_ name: String, in staging: URL) throws(StorageError) -> Data? {
        try AtomicFile.read(staging.appending(path: name), limit: 256 << 20)
    }
}
