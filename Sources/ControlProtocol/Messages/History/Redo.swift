/// Makes again what the sender took back last.
public struct Redo: ControlRequest {
    public static let type = "redo"
    public typealias Response = RedoAck

    public init() {}
}
