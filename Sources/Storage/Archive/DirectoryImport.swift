public import Foundation

/// Replaces several files of a data directory, so that a crash at any moment leaves, after the next start, either all
/// the old ones or all the new ones.
///
/// New files are put below ``staging``; ``commit(removing:)`` brings them to disk, writes the marker `.import/commit`,
/// which decides, and then moves them. ``recover(in:)`` finishes what has a marker and throws away what has none. The
/// caller holds the directory's lock and lets nobody else write to the files meanwhile. One at a time, on any thread.
public struct DirectoryImport: Sendable {
    /// What ``recover(in:)`` found.
    public enum Recovery: Sendable, Hashable {
        case nothing
        /// Nothing was decided, or nothing but clearing up was left: the files are as they were found.
        case discarded
        /// The new files are in place.
        case finished
    }

    /// Called before each change on disk; tests end the work there.
    typealias Step = @Sendable (_ name: String) throws(StorageError) -> Void

    static let directoryName = ".import"
    private static let markerName = "commit"
    private static let stagingName = "staging"
    private static let maximumMarkerBytes = 8 << 20

    /// `.import/staging` in the data directory; empty at first.
    public let staging: URL
    private let directory: URL
    private let step: Step

    /// Finishes or throws away what an earlier import left, and makes an empty staging directory.
    public init(in directory: URL) throws(StorageError) {
        try self.init(in: directory, step: { _ throws(StorageError) in })
    }

    init(in directory: URL, step: @escaping Step) throws(StorageError) {
        try Self.recover(in: directory)
        self.directory = directory
        self.step = step
        staging = Self.place(in: directory).appending(path: Self.stagingName)
        try FileTree.makeDirectory(Self.place(in: directory))
        try FileTree.makeDirectory(staging)
    }

    /// Puts every staged file in the place of the live one, and removes others. On disk when this returns.
    ///
    /// - Parameter unwanted: live files that are to go; those that are staged too are replaced instead.
    /// - Throws: `interrupted` when it failed after it was decided: the next ``recover(in:)`` finishes it, and until
    ///   then the files are partly old and partly new. Anything else: no live file was touched; call ``discard()``.
    public func commit(removing unwanted: [ArchivePath] = []) throws(StorageError) {
        let staged = try ArchivePath.files(in: staging, under: DirectoryListing.names(in: staging))
        let kept = Set(staged.map(\.comparable))
        let marker = ImportMarker(moved: staged, removed: unwanted.filter { !kept.contains($0.comparable) })
        for path in staged { try prepare(path) }
        try synchronizeStaging()
        try step("marker")
        try AtomicFile.write(marker.encoded, to: Self.marker(in: directory))
        do throws(StorageError) {
            try Self.apply(marker, in: directory, step: step)
        } catch {
            throw StorageError(
                .interrupted, operation: error.operation, path: error.path,
                reason: "\(error.reason); the import is finished at the next start")
        }
    }

    /// Throws the staged files away. The live files stay as they are.
    public func discard() throws(StorageError) {
        try Self.recover(in: directory)
    }

    /// Finishes or throws away what a crash left. Call it at start, under the directory's lock, before anything is
    /// read.
    @discardableResult
    public static func recover(in directory: URL) throws(StorageError) -> Recovery {
        try recover(in: directory, step: { _ throws(StorageError) in })
    }

    static func recover(in directory: URL, step: Step) throws(StorageError) -> Recovery {
        guard try DirectoryListing.names(in: directory).contains(directoryName) else { return .nothing }
        guard let data = try AtomicFile.read(marker(in: directory), limit: maximumMarkerBytes) else {
            try clear(directory, step: step)
            return .discarded
        }
        try apply(try ImportMarker(data, path: marker(in: directory).path), in: directory, step: step)
        return .finished
    }

    /// Can be broken off and done again at any point.
    private static func apply(_ marker: ImportMarker, in directory: URL, step: Step) throws(StorageError) {
        let staging = place(in: directory).appending(path: stagingName)
        for path in marker.moved {
            let source = path.url(in: staging)
            try step("move \(path)")
            guard rename(source.path, path.url(in: directory).path) == 0 || errno == ENOENT else {
                throw StorageError(errno: errno, operation: "rename", path: path.url(in: directory).path)
            }
        }
        for path in marker.removed {
            try step("remove \(path)")
            guard unlink(path.url(in: directory).path) == 0 || [ENOENT, ENOTDIR].contains(errno) else {
                throw StorageError(errno: errno, operation: "unlink", path: path.url(in: directory).path)
            }
        }
        let changed = Set((marker.moved + marker.removed).flatMap { [[]] + $0.folders })
        for folder in changed.sorted(by: { $0.count > $1.count }) {
            try step("synchronize \(folder)")
            try synchronizeOrRemove(folder.reduce(directory) { $0.appending(path: $1) }, isRoot: folder.isEmpty)
        }
        try step("marker removal")
        try AtomicFile.remove(Self.marker(in: directory))
        try clear(directory, step: step)
    }

    /// A folder that has become empty goes.
    private static func synchronizeOrRemove(_ folder: URL, isRoot: Bool) throws(StorageError) {
        if !isRoot, rmdir(folder.path) == 0 || errno == ENOENT { return }
        try AtomicFile.synchronize(folder)
    }

    /// Removes `.import`, in which there is no marker.
    private static func clear(_ directory: URL, step: Step) throws(StorageError) {
        let place = place(in: directory)
        try step("clear")
        try FileTree.removeContents(of: place)
        try step("clear itself")
        guard rmdir(place.path) == 0 else { throw StorageError(errno: errno, operation: "rmdir", path: place.path) }
        try AtomicFile.synchronize(directory)
    }

    /// Makes the folders of a live file, and sees that nothing stands in its way: after the marker, only renames
    /// follow.
    private func prepare(_ path: ArchivePath) throws(StorageError) {
        for folder in path.folders {
            try step("make \(folder)")
            try FileTree.makeDirectory(folder.reduce(directory) { $0.appending(path: $1) })
        }
        let target = path.url(in: directory)
        do throws(StorageError) {
            guard try DirectoryListing.kind(of: target) != .directory else {
                throw StorageError(.failed, operation: "rename", path: target.path, reason: "is a directory")
            }
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }

    private func synchronizeStaging() throws(StorageError) {
        let staged = try ArchivePath.files(in: staging, under: DirectoryListing.names(in: staging))
        for path in staged {
            try step("synchronize \(path)")
            try FileDescriptor(opening: path.url(in: staging).path, flags: O_RDONLY).synchronize()
        }
        for folder in Set(staged.flatMap { [[]] + $0.folders }) {
            try AtomicFile.synchronize(folder.reduce(staging) { $0.appending(path: $1) })
        }
        try AtomicFile.synchronize(Self.place(in: directory))
        try AtomicFile.synchronize(directory)
    }

    private static func place(in directory: URL) -> URL {
        directory.appending(path: directoryName)
    }

    private static func marker(in directory: URL) -> URL {
        place(in: directory).appending(path: markerName)
    }
}

extension StorageError.Code {
    /// Half done, and finished at the next start.
    public static let interrupted = StorageError.Code(rawValue: "interrupted")
}
