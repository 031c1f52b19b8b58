/// Goes over to one of the two states, in one change. What was in force is kept in the other. A state that was never in
/// force begins as a copy.
public struct CompareSelect: ControlRequest {
    public static let type = "compare_select"
    public typealias Response = CompareStatus

    public var slot: CompareSlot

    public init(slot: CompareSlot) {
        self.slot = slot
    }
}
