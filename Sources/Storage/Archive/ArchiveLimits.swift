/// How much an archive may hold, for whoever writes one and whoever reads one.
public struct ArchiveLimits: Sendable, Hashable {
    public var entries = 10_000
    /// Bytes of all files together, inflated.
    public var bytes = 2 << 30
    /// Inflated bytes for each byte in the archive, of every file beyond its first 64 KiB and of all together.
    public var ratio = 100

    public init() {}
}
