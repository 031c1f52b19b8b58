/// Answers ``Undo``.
public struct UndoAck: Acknowledging {
    public static let type = "undo_ack"
    public typealias Request = Undo

    public var success: Bool
    /// What was taken back.
    public var entry: HistoryEntry?
    /// The module concerned, when it is one.
    public var instanceId: String?
    /// Its values now, by canonical key.
    public var params: [String: String]?
    /// Values now by instance id and canonical key, when several modules are concerned.
    public var instances: [String: [String: String]]?
    /// True when the chain is another one now; it is to be read with `read_link`.
    public var linkChanged: Bool?
    public var error: String?
    public var code: String?
    public var field: String?

    public init(entry: HistoryEntry, instances: [String: [String: String]], linkChanged: Bool) {
        success = true
        self.entry = entry
        if let only = instances.first, instances.count == 1 {
            instanceId = only.key
            params = only.value
        } else if !instances.isEmpty {
            self.instances = instances
        }
        self.linkChanged = linkChanged ? true : nil
    }

    private init() {
        success = false
    }

    public static func refusal(of request: Undo, because error: ControlError) -> Self {
        Self().refused(because: error)
    }
}
