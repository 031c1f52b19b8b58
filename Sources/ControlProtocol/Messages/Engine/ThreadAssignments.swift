/// Which simulated core runs which module: answers ``GetThreadAssignments``, and is sent to every client when the chain
/// was replaced.
public struct ThreadAssignments: ControlEvent {
    public static let type = "thread_assignments"

    /// Simulated cores.
    public var cores: Int
    /// Core by flattened instance id.
    public var assignments: [String: Int]

    public init(cores: Int, assignments: [String: Int]) {
        self.cores = cores
        self.assignments = assignments
    }
}
