/// Asks for the state of devices and simulation.
public struct GetStatus: ControlRequest {
    public static let type = "get_status"
    public typealias Response = DspStatus

    public init() {}
}
