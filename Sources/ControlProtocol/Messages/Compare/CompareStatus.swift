/// The comparison of two states: answers ``GetCompare``, ``CompareSelect`` and ``CompareCopy``, and goes to every other
/// client.
public struct CompareStatus: ControlEvent {
    public static let type = "compare_status"

    /// The one in force: what is changed now belongs to it.
    public var active: CompareSlot
    /// Tunable values that the two do not share.
    public var differences: Int
    /// What makes the one in force as loud as the other, dB; never above 0, and 0 without matching.
    public var matchDb: Double

    public init(active: CompareSlot, differences: Int, matchDb: Double) {
        self.active = active
        self.differences = differences
        self.matchDb = matchDb
    }
}
