/// What the journal's commits took so far.
public struct JournalFigures: Sendable, Hashable {
    /// Upper bounds of the buckets, in seconds; a last bucket without bound follows.
    public static let bounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
    ]

    /// Commits in each bucket, not accumulated; one more than there are bounds.
    public private(set) var counts = [UInt64](repeating: 0, count: JournalFigures.bounds.count + 1)
    /// Of all commits, in seconds.
    public private(set) var totalSeconds = 0.0
    /// Values that were committed; of those that replaced each other before, the last counts.
    public private(set) var changes: UInt64 = 0
    /// Commits, and removals of old entries, that failed.
    public private(set) var failures: UInt64 = 0
    /// Whether the last commit failed.
    public private(set) var isFailing = false

    public init() {}

    /// Commits so far.
    public var commits: UInt64 { counts.reduce(0, +) }

    mutating func add(seconds: Double, changes count: Int) {
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        totalSeconds += seconds
        changes += UInt64(count)
        isFailing = false
    }

    mutating func addFailure() {
        failures += 1
        isFailing = true
    }

    /// Old entries stay a while longer; changes are committed all the same.
    mutating func addPruningFailure() {
        failures += 1
    }
}
