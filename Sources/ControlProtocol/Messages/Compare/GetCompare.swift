/// Asks how the comparison stands.
public struct GetCompare: ControlRequest {
    public static let type = "get_compare"
    public typealias Response = CompareStatus

    public init() {}
}
