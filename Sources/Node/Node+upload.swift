public import ControlProtocol
public import Foundation
import Logging
import Storage

/// Files that clients send up.
extension Node {
    /// A new name for a file that comes or goes, in the file system of the data directory, so that it can be moved into
    /// it. Whoever makes the file removes it; the next start of the node sweeps what is left.
    ///
    /// - Throws: `storage_failed` when there can be no such file.
    public nonisolated func temporaryFile() throws(ControlError) -> URL {
        do throws(StorageError) {
            return try AtomicFile.temporary(in: dataDirectory.appending(path: ".incoming", directoryHint: .isDirectory))
        } catch {
            throw ControlError(.storage, "No file can be taken: \(error)")
        }
    }

    /// Keeps an audio file under a name, in place of one that had it before; what plays that one plays it to its end.
    ///
    /// Does not hold the node's actor. The file is moved; on failure it stays where it is.
    ///
    /// - Parameters:
    ///   - file: made under a name of ``temporaryFile()``.
    ///   - name: a plain file name (README decision 17), not beginning with a dot.
    ///   - peer: who sent it.
    /// - Returns: the name by which `sim_start` plays it.
    /// - Throws: `bad_field` for the name, `bad_file` for what libsndfile cannot read, `storage_failed`, `not_running`.
    public nonisolated func storeAudio(
        _ file: URL,
        named name: String,
        by peer: String
    ) async throws(ControlError) -> String {
        guard await status() != nil else {
            throw ControlError(.notRunning, "The node is starting or stopping.")
        }
        let name = try Self.audioName(name)
        let directory = dataDirectory.appending(path: "audio", directoryHint: .isDirectory)
        try await BlockingWork.files.run { () throws(ControlError) in
            try AudioFiles.check(file)
            do throws(StorageError) {
                try AtomicFile.adopt(file, as: directory.appending(path: name, directoryHint: .notDirectory))
            } catch {
                throw ControlError(.storage, "The audio file could not be kept: \(error)")
            }
        }
        await noteCommand("upload", detail: #""file":"\#(name)""#, by: peer)
        await announceAudioFiles()
        logger.info("An audio file was sent up.", metadata: ["file": "\(name)", "peer": "\(peer)"])
        return name
    }

    private static func audioName(_ text: String) throws(ControlError) -> String {
        let name: String
        do throws(StorageError) {
            name = try FileName(id: text).rawValue
        } catch {
            throw ControlError(.badField, "\(error)", field: "name")
        }
        guard !name.hasPrefix("."), !AtomicFile.isTemporary(name) else {
            throw ControlError(.badField, "'\(name)' is a name that the node keeps for itself.", field: "name")
        }
        return name
    }
}
