public import Foundation

/// The place of a file in a data directory and in an archive of it: names with `/` between them.
///
/// Every part is an id as ``FileName`` has it: a folder also several with dots between them, as a flattened instance
/// id, and the last part also with `.json` behind it. At most eight parts; the first begins with no dot, so that what a
/// node keeps for itself (`.lock`, `.import`) has no path, and none ends like a temporary file.
public struct ArchivePath: Sendable, Hashable, Comparable, CustomStringConvertible {
    public static let maximumDepth = 8

    public let parts: [String]

    /// - Throws: `bad_name`.
    public init(_ text: String) throws(StorageError) {
        try self.init(text.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
    }

    /// - Throws: `bad_name`.
    public init(_ parts: [String]) throws(StorageError) {
        let text = parts.joined(separator: "/")
        guard (1...Self.maximumDepth).contains(parts.count) else {
            throw Self.refusal(text, "has \(parts.count) parts; 1 to \(Self.maximumDepth) are allowed")
        }
        guard let last = parts.last, !last.hasSuffix(AtomicFile.temporarySuffix) else {
            throw Self.refusal(text, "has the name of a temporary file")
        }
        guard parts.first?.hasPrefix(".") == false else {
            throw Self.refusal(text, "begins with a dot")
        }
        for part in parts.dropLast() where FileName(dotted: part) == nil { _ = try FileName(id: part) }
        _ = try FileName(id: last.hasSuffix(".json") ? String(last.dropLast(5)) : last)
        self.parts = parts
    }

    public var description: String { parts.joined(separator: "/") }

    public static func < (one: ArchivePath, other: ArchivePath) -> Bool {
        one.parts.lexicographicallyPrecedes(other.parts)
    }

    /// The file of this path.
    public func url(in directory: URL) -> URL {
        parts.reduce(directory) { $0.appending(path: $1) }
    }

    /// Two paths that are equal here mean one file.
    var comparable: String { FileName.comparable(description) }

    /// The folders above, outermost first.
    var folders: [[String]] {
        (1..<parts.count).map { Array(parts[..<$0]) }
    }

    /// The plain files below a directory, sorted. Symbolic links, temporary files and names that make no path are left
    /// out.
    ///
    /// - Parameter names: what to look at in the directory; what is not there is skipped.
    public static func files(in directory: URL, under names: [String]) throws(StorageError) -> [ArchivePath] {
        var found: [ArchivePath] = []
        let present = Set(try DirectoryListing.names(in: directory))
        for name in names where present.contains(name) {
            try collect([name], in: directory, into: &found)
        }
        return found.sorted()
    }

    private static func collect(
        _ parts: [String], in directory: URL, into found: inout [ArchivePath]
    ) throws(StorageError) {
        let entry = parts.reduce(directory) { $0.appending(path: $1) }
        switch try DirectoryListing.kind(of: entry) {
        case .directory where parts.count < maximumDepth:
            for name in try DirectoryListing.names(in: entry) {
                try collect(parts + [name], in: directory, into: &found)
            }
        case .file:
            do throws(StorageError) {
                found.append(try ArchivePath(parts))
            } catch {
                guard error.code == .badName else { throw error }
            }
        case .directory, .other: break
        }
    }

    private static func refusal(_ text: String, _ reason: String) -> StorageError {
        StorageError(.badName, operation: "name", path: "'\(text.prefix(120))'", reason: reason)
    }
}
