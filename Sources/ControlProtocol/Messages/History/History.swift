/// Answers ``GetHistory``.
public struct History: ControlMessage {
    public static let type = "history"

    /// The newest first.
    public var entries: [HistoryEntry]
    /// Whether the asking client has something to undo.
    public var canUndo: Bool
    /// Whether the asking client has something to redo.
    public var canRedo: Bool

    public init(entries: [HistoryEntry], canUndo: Bool, canRedo: Bool) {
        self.entries = entries
        self.canUndo = canUndo
        self.canRedo = canRedo
    }
}
