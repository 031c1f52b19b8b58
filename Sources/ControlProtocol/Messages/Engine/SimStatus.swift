/// Whether the simulation runs: answers ``SimStart`` and ``SimStop``, and goes to every other client.
public struct SimStatus: ControlEvent {
    public static let type = "sim_status"

    /// The same as a word.
    public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        case running
        case stopped
    }

    public var running: Bool
    public var status: Status

    public init(running: Bool) {
        self.running = running
        status = running ? .running : .stopped
    }
}
