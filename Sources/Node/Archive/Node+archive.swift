import ChainModel
public import ControlProtocol
public import Foundation
import Logging
import Storage

/// The whole state in one file.
extension Node {
    /// Writes chain, core assignments, presets, profiles, audio files, values and history into a zip archive. Never the
    /// token, the lock or the audit log.
    ///
    /// Does not hold the node's actor while it writes. A file that is replaced meanwhile comes old or new, each whole.
    ///
    /// - Parameter file: is replaced when it exists.
    /// - Throws: `not_running`, `storage_failed`.
    public nonisolated func exportArchive(to file: URL, by peer: String) async throws(ControlError) {
        let journal = try await journalContents()
        var count = 1
        do {
            var writer = ArchiveWriter()
            for path in try ArchivePath.files(in: dataDirectory, under: ArchiveLayout.kept)
            where ArchiveLayout.accepts(path) {
                writer.add(file: path.url(in: dataDirectory), as: path)
                count += 1
            }
            writer.add(contents: try ArchivedJournal(journal).json(), as: try ArchivePath(ArchivedJournal.name))
            try writer.write(to: file)
        } catch {
            throw ControlError(.storage, "The archive cannot be written. (\(error))")
        }
        await noteCommand("export", detail: #""files":\#(count)"#, by: peer)
        logger.info("The node's state was exported.", metadata: ["peer": "\(peer)"])
    }

    /// Takes over an archive in place of everything that the node keeps: all of it, or, after an error, nothing. The sound
    /// fades out and in again; clients stay connected and are told of the new chain.
    ///
    /// - Throws: `bad_archive`, `invalid_chain`, `bad_file` for what is wrong with it; `mode_refused` unless the mode is
    ///   chain_builder; `busy` while another import runs; `engine_failed`, `storage_failed`, `not_running`.
    public nonisolated func importArchive(from file: URL, by peer: String) async throws(ControlError) -> ArchiveSummary
    {
        try await beginImport()
        do throws(ControlError) {
            let summary = try await unpack(file, by: peer)
            await endImport()
            return summary
        } catch {
            await endImport()
            throw error
        }
    }

    private nonisolated func unpack(_ file: URL, by peer: String) async throws(ControlError) -> ArchiveSummary {
        do {
            let replacement = try DirectoryImport(in: dataDirectory)
            do {
                let paths = try ArchiveReader.extract(file, into: replacement.staging, accepts: ArchiveLayout.accepts)
                let check = try ArchiveCheck(replacement.staging, paths, flattener: ChainFlattener())
                try await adopt(check, replacement, by: peer)
                return check.summary
            } catch {
                if (error as? StorageError)?.code != .interrupted { try replacement.discard() }
                throw error
            }
        } catch let error as ControlError {
            throw error
        } catch let error as StorageError {
            let isArchive = [.badArchive, .badName, .tooLarge].contains(error.code)
            throw ControlError(isArchive ? .badArchive : .storage, "\(error)")
        } catch {
            throw ControlError(.storage, "The archive cannot be taken. (\(error))")
        }
    }
}
