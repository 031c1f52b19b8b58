import Storage

/// What an archive of a node holds, and where.
enum ArchiveLayout {
    static let chain = "current_link.json"
    static let assignments = CoreAssignmentFile.name
    static let presets = "presets"
    static let profiles = "profiles"
    static let audio = "audio"

    /// Files and folders of the data directory that an archive has, and that an import replaces.
    static let kept = [chain, assignments, presets, profiles, audio]

    /// Whether a node's archive may have a file there.
    static func accepts(_ path: ArchivePath) -> Bool {
        let isJSON = path.parts.last?.hasSuffix(".json") == true
        switch (path.parts.first, path.parts.count) {
        case (chain, 1), (assignments, 1), (ArchivedJournal.name, 1): return true
        case (presets, 3), (profiles, 2): return isJSON
        case (audio, 2): return path.parts[1].first != "."
        default: return false
        }
    }
}
