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
        let count = try await BlockingWork.files.run { [dataDirectory] () throws(ControlError) in
            try Self.write(journal, and: dataDirectory, to: file)
        }
        await noteCommand("export", detail: #""files":\#(count)"#, by: peer)
        logger.info("The node's state was exported.", metadata: ["peer": "\(peer)"])
    }

    /// - Returns: how many files the archive has.
    private static func write(
        _ journal: JournalContents,
        and directory: URL,
        to file: URL
    ) throws(ControlError) -> Int {
        do {
            var count = 1
            var writer = ArchiveWriter()
            for path in try ArchivePath.files(in: directory, under: ArchiveLayout.kept)
            where ArchiveLayout.accepts(path) {
                writer.add(file: path.url(in: directory), as: path)
                count += 1
            }
            writer.add(contents: try ArchivedJournal(journal).json(), as: try ArchivePath(ArchivedJournal.name))
            try writer.write(to: file)
            return count
        } catch {
            throw ControlError(.storage, "The archive cannot be written. (\(error))")
        }
    }

    /// Takes over an archive in place of everything that the node keeps: all of it, or, after an error, nothing. The
    /// sound fades out and in again; clients stay connected and are told of the new chain.
    ///
    /// - Throws: `bad_archive`, `invalid_chain`, `bad_file` for what is wrong with it; `mode_refused` unless the mode
    ///   is chain_builder; `busy` while another import runs; `engine_failed`, `storage_failed`, `not_running`.
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
            let (replacement, check) = try await BlockingWork.files.run { [dataDirectory] () throws(any Error) in
                try Self.stage(file, in: dataDirectory)
            }
            do {
                try await adopt(check, replacement, by: peer)
            } catch {
                if (error as? StorageError)?.code != .interrupted { try replacement.discard() }
                throw error
            }
            await announceAudioFiles()
            return check.summary
        } catch let error as ControlError {
            throw error
        } catch let error as StorageError {
            let isArchive = [.badArchive, .badName, .tooLarge].contains(error.code)
            throw ControlError(isArchive ? .badArchive : .storage, "\(error)")
        } catch {
            throw ControlError(.storage, "The archive cannot be taken. (\(error))")
        }
    }

    /// Unpacks an archive next to what is live, and looks through it.
    private static func stage(_ file: URL, in directory: URL) throws -> (DirectoryImport, ArchiveCheck) {
        let replacement = try DirectoryImport(in: directory)
        do {
            let paths = try ArchiveReader.extract(file, into: replacement.staging, accepts: ArchiveLayout.accepts)
            return (replacement, try ArchiveCheck(replacement.staging, paths, flattener: ChainFlattener()))
        } catch {
            try replacement.discard()
            throw error
        }
    }
}
