/// What the import of an archive brought: the answer to `POST /api/archive`.
public struct ArchiveSummary: Codable, Sendable, Hashable {
    /// Files that were written, all kinds together.
    public var files: Int
    public var presets: Int
    public var profiles: Int
    /// Stored parameter values.
    public var parameters: Int
    /// Whether the archive had a chain, which now plays.
    public var chainReplaced: Bool

    public init(files: Int, presets: Int, profiles: Int, parameters: Int, chainReplaced: Bool) {
        self.files = files
        self.presets = presets
        self.profiles = profiles
        self.parameters = parameters
        self.chainReplaced = chainReplaced
    }
}
