/// The mode in force: answers ``SetMode``, and is sent to every other client.
public struct ModeChanged: ControlEvent {
    public static let type = "mode_changed"

    public var mode: WorkMode

    public init(mode: WorkMode) {
        self.mode = mode
    }
}
