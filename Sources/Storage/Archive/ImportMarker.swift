import Foundation

/// What a decided import does: lines `move PATH` and `remove PATH`.
struct ImportMarker: Hashable {
    let moved: [ArchivePath]
    let removed: [ArchivePath]

    init(moved: [ArchivePath], removed: [ArchivePath]) {
        self.moved = moved
        self.removed = removed
    }

    /// - Parameter path: of the marker, for messages.
    init(_ data: Data, path: String) throws(StorageError) {
        var moved: [ArchivePath] = []
        var removed: [ArchivePath] = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch (words.first, words.last) {
            case ("move", let name?) where words.count == 2: moved.append(try ArchivePath(name))
            case ("remove", let name?) where words.count == 2: removed.append(try ArchivePath(name))
            default:
                throw StorageError(
                    .failed, operation: "read", path: path, reason: "the line '\(line.prefix(80))' means nothing")
            }
        }
        self.init(moved: moved, removed: removed)
    }

    var encoded: Data {
        Data((moved.map { "move \($0)\n" } + removed.map { "remove \($0)\n" }).joined().utf8)
    }
}
