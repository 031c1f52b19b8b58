import ChainModel
import Foundation
import Storage

/// Which module runs on which simulated core, `core_assignments.json`: `{"limiter#1": 1}`.
struct CoreAssignmentFile {
    static let name = "core_assignments.json"

    let url: URL

    init(directory: URL) {
        url = directory.appending(path: Self.name, directoryHint: .notDirectory)
    }

    /// The stored assignment; nil when there is none.
    func read() throws(NodeStartError) -> [InstanceID: Int]? {
        guard let cores = try StateFile.read([String: Int].self, from: url, as: "core numbers by instance id") else {
            return nil
        }
        var assignment: [InstanceID: Int] = [:]
        for (id, core) in cores {
            guard let instance = InstanceID(rawValue: id) else {
                throw NodeStartError(
                    .badFile,
                    path: url.path(percentEncoded: false),
                    "\"\(id)\" is no instance id such as gain#1 or group#1.gain#1."
                )
            }
            assignment[instance] = core
        }
        return assignment
    }

    func write(_ assignment: [InstanceID: Int]) throws {
        let cores = Dictionary(uniqueKeysWithValues: assignment.map { ($0.key.rawValue, $0.value) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try AtomicFile.write(try encoder.encode(cores), to: url)
    }
}
