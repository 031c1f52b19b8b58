/// Stops the simulation; the sound fades out. Stopping a stopped simulation is no error.
public struct SimStop: ControlRequest {
    public static let type = "sim_stop"
    public typealias Response = SimStatus

    public init() {}
}
