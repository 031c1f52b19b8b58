/// Asks which simulated core runs which module.
public struct GetThreadAssignments: ControlRequest {
    public static let type = "get_thread_assignments"
    public typealias Response = ThreadAssignments

    public init() {}
}
