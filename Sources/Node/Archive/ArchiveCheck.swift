import ChainModel
import ControlProtocol
import Foundation
import Storage

/// Reads what an archive was unpacked to, and judges it before anything of the node is touched.
struct ArchiveCheck: Sendable {
    let chain: FlattenedChain
    /// The archive's values, as its chain takes them.
    let parameters: ParameterStore
    let summary: ArchiveSummary

    /// - Parameters:
    ///   - staging: where the archive was unpacked to.
    ///   - paths: what was in it.
    init(_ staging: URL, _ paths: [ArchivePath], flattener: ChainFlattener) throws(ControlError) {
        let names = Set(paths.map(\.description))
        let journal: ArchivedJournal
        do {
            let link = staging.appending(path: ArchiveLayout.chain)
            guard names.contains(ArchiveLayout.chain),
                let data = try AtomicFile.read(link, limit: LinkStore.maximumBytes)
            else {
                throw ControlError(.badArchive, "The archive has no \(ArchiveLayout.chain): it is none of a node.")
            }
            chain = try flattener.flatten(try LinkConfig.decode(data))
            _ = try CoreAssignmentFile(directory: staging).read()
            let values = staging.appending(path: ArchivedJournal.name)
            guard let json = try AtomicFile.read(values, limit: ArchivedJournal.maximumBytes) else {
                throw ControlError(.badArchive, "The archive has no \(ArchivedJournal.name).")
            }
            journal = try ArchivedJournal(json: json)
        } catch let error as ControlError {
            throw error
        } catch let faults as ChainFaults {
            throw ControlError(.invalidChain, "The archive's chain has faults: \(faults)")
        } catch {
            throw ControlError(.badArchive, "The archive cannot be read: \(error)")
        }
        parameters = try Self.parameters(journal, chain)
        let files = PresetFiles(directory: staging)
        var presets = 0
        for instance in Set(paths.filter { $0.parts.first == ArchiveLayout.presets }.map { $0.parts[1] }).sorted() {
            presets += try files.presets(of: instance, unreadable: Self.refuse).count
        }
        let profiles = try files.profiles(unreadable: Self.refuse).count
        for path in paths where path.parts.first == ArchiveLayout.audio {
            do throws(ControlError) {
                try AudioFiles.check(path.url(in: staging), mayBeEmpty: true)
            } catch {
                throw ControlError(error.code, "The archive's \(path) is no audio file that can be read.")
            }
        }
        summary = ArchiveSummary(
            files: paths.count,
            presets: presets,
            profiles: profiles,
            parameters: journal.count,
            chainReplaced: true
        )
    }

    /// Refuses keys that stand for another parameter: that one could be stored as well, and one of them would win by
    /// chance.
    private static func parameters(
        _ journal: ArchivedJournal, _ chain: FlattenedChain
    ) throws(ControlError) -> ParameterStore {
        let stored = journal.contents.values
        let parameters = ParameterStore(chain: chain, stored: stored)
        let kept = parameters.strings
        for (instance, values) in stored {
            if let key = values.keys.filter({ kept[instance]?[$0] == nil }).min() {
                throw ControlError(
                    .badArchive,
                    "\(ArchivedJournal.name) has a value of \(instance)'s \(key.prefix(80)), which stands for another "
                        + "parameter; an archive has what is stored."
                )
            }
        }
        return parameters
    }

    private static func refuse(_ reason: String) throws(ControlError) {
        throw ControlError(.badFile, reason)
    }
}
