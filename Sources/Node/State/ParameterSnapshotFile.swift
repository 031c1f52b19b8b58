import Foundation
import Storage

/// The parameters on disk, `parameters.json`. Writes happen one at a time, away from the node's actor.
actor ParameterSnapshotFile {
    static let name = "parameters.json"

    private let url: URL
    private var writtenRevision: UInt64 = 0

    init(directory: URL) {
        url = directory.appending(path: Self.name, directoryHint: .notDirectory)
    }

    /// The stored values; none when there is no file.
    nonisolated func read() throws(NodeStartError) -> ParameterSnapshot {
        let snapshot =
            try StateFile.read(ParameterSnapshot.self, from: url, as: "parameter values")
            ?? ParameterSnapshot(values: [:])
        guard snapshot.version == 1 else {
            throw NodeStartError(
                .badFile,
                path: url.path(percentEncoded: false),
                "The file has version \(snapshot.version); this node reads version 1."
            )
        }
        return snapshot
    }

    /// Replaces the stored values. A snapshot that a newer one has overtaken is skipped.
    ///
    /// - Parameter revision: grows with every change of the values.
    func write(_ snapshot: ParameterSnapshot, revision: UInt64) throws {
        guard revision > writtenRevision else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(try encoder.encode(snapshot), to: url)
        writtenRevision = revision
    }
}
