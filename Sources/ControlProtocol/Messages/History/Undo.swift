/// Takes back the sender's newest change that is still in force, parameters or chain.
public struct Undo: ControlRequest {
    public static let type = "undo"
    public typealias Response = UndoAck

    public init() {}
}
