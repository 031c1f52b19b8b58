/// Which names the entries of one archive may have together: one rule for whoever writes an archive and whoever reads
/// it.
enum ArchiveNames {
    /// The first two entries that would meet in one place on this system; nil when there are none.
    ///
    /// - Parameters:
    ///   - files: every file.
    ///   - folders: folders that are entries of their own, and may be so several times.
    /// - Returns: the fault, to be put behind "the archive has".
    static func fault(files: [ArchivePath], folders: [ArchivePath]) -> String? {
        var taken: Set<String> = []
        for file in files {
            guard taken.insert(file.comparable).inserted else { return "'\(file)' twice" }
        }
        let above = (files + folders).flatMap(\.folders).map { $0.joined(separator: "/") }
        let places = Set(above.map(FileName.comparable)).union(folders.map(\.comparable))
        return taken.intersection(places).min().map { "'\($0)' as file and as folder" }
    }
}
