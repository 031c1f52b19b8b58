/// Asks what was changed, by whom and when, the newest first.
public struct GetHistory: ControlRequest {
    public static let type = "get_history"
    public typealias Response = History

    /// Most entries to give, 1…1000; without it, 100.
    public var limit: WholeNumber?
    /// Gives entries older than the one with this id.
    public var before: WholeNumber?

    public init(limit: WholeNumber? = nil, before: WholeNumber? = nil) {
        self.limit = limit
        self.before = before
    }
}
