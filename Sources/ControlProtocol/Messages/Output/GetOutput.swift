/// Asks for what happens behind the chain.
public struct GetOutput: ControlRequest {
    public static let type = "get_output"
    public typealias Response = OutputStatus

    public init() {}
}
