/// Makes the other state equal to this one. Copied over the one in force, it is heard.
public struct CompareCopy: ControlRequest {
    public static let type = "compare_copy"
    public typealias Response = CompareStatus

    /// What is copied.
    public var from: CompareSlot

    public init(from: CompareSlot) {
        self.from = from
    }
}
