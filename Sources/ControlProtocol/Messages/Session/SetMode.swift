/// Changes what the node is being used for. Answered, and told to every other client, with ``ModeChanged``.
public struct SetMode: ControlRequest {
    public static let type = "set_mode"
    public typealias Response = ModeChanged

    public var mode: WorkMode

    public init(mode: WorkMode) {
        self.mode = mode
    }
}
