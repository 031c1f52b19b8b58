import ControlProtocol
import Foundation
import Storage

/// The JSON files of one folder, each under the id that is its name.
///
/// The folder is opened anew for each use and no link in it is followed, so that nothing outside is read or written
/// whatever is put in its place.
struct NamedFiles<Contents: Codable> {
    /// Bytes of one file.
    private static var maximumBytes: Int { 1 << 20 }
    /// Files of the folder.
    private static var maximumCount: Int { 1000 }
    private static var suffix: StaticString { ".json" }

    /// The node's data directory.
    let root: URL
    /// From there to the folder.
    let folders: [FileName]

    /// Nil when there is none.
    ///
    /// - Throws: `bad_name` for the id, `damaged` for a file with other contents, and what reading can meet.
    func read(_ id: String) throws(StorageError) -> Contents? {
        let name = try fileName(id)
        guard let directory = try existing() else { return nil }
        return try read(name, in: directory)
    }

    /// In the order of the ids, with what is wrong with the files that cannot be read.
    func readAll() throws(StorageError) -> (found: [(id: String, contents: Contents)], faults: [String]) {
        guard let directory = try existing() else { return ([], []) }
        var found: [(id: String, contents: Contents)] = []
        var faults: [String] = []
        for id in try ids(in: directory) {
            do throws(StorageError) {
                if let contents = try read(fileName(id), in: directory) { found.append((id: id, contents: contents)) }
            } catch {
                faults.append("\(error)")
            }
        }
        return (found, faults)
    }

    /// Replaces a file or adds one. On disk when this returns.
    ///
    /// - Throws: `bad_name` for the id, `too_large` for what could not be read again or is one file too many, and what
    ///   writing can meet. The folder is then as it was.
    func write(_ contents: Contents, as id: String) throws(StorageError) {
        let name = try fileName(id)
        let data = try encode(contents, name)
        var directory = try SafeDirectory(root)
        for folder in folders { directory = try directory.makeChild(folder) }
        let ids = try ids(in: directory)
        guard ids.count < Self.maximumCount || ids.contains(id) else {
            throw StorageError(
                .tooLarge,
                operation: "write",
                path: name.rawValue,
                reason: "there are \(ids.count) already; delete some first"
            )
        }
        try directory.write(data, to: name)
    }

    /// - Returns: whether there was one.
    func delete(_ id: String) throws(StorageError) -> Bool {
        let name = try fileName(id)
        return try existing()?.remove(name) ?? false
    }

    private func existing() throws(StorageError) -> SafeDirectory? {
        var directory = try SafeDirectory(root)
        for folder in folders {
            guard let child = try directory.child(folder) else { return nil }
            directory = child
        }
        return directory
    }

    private func fileName(_ id: String) throws(StorageError) -> FileName {
        try FileName(id: id).appending(Self.suffix)
    }

    /// Sorted. Temporary files are none of them: they end otherwise.
    private func ids(in directory: borrowing SafeDirectory) throws(StorageError) -> [String] {
        try directory.names()
            .filter { $0.hasSuffix("\(Self.suffix)") }
            .map { String($0.dropLast(Self.suffix.utf8CodeUnitCount)) }
            .sorted()
    }

    private func read(
        _ name: FileName, in directory: borrowing SafeDirectory
    ) throws(StorageError) -> Contents? {
        guard let data = try directory.read(name, limit: Self.maximumBytes) else { return nil }
        do {
            try JSONGuard(maximumBytes: Self.maximumBytes).check(data)
            return try JSONDecoder().decode(Contents.self, from: data)
        } catch {
            throw StorageError(.damaged, operation: "read", path: name.rawValue, reason: "\(error)")
        }
    }

    private func encode(_ contents: Contents, _ name: FileName) throws(StorageError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do {
            data = try encoder.encode(contents)
        } catch {
            throw StorageError(.failed, operation: "encode", path: name.rawValue, reason: "\(error)")
        }
        guard data.count <= Self.maximumBytes else {
            throw StorageError(
                .tooLarge,
                operation: "write",
                path: name.rawValue,
                reason: "\(data.count) bytes; at most \(Self.maximumBytes) are stored"
            )
        }
        return data
    }
}
