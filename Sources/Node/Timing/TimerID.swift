/// What a timer is for. At most one timer runs for an id.
enum TimerID: Hashable, Sendable {
    /// Parameters that changed are to be written.
    case saveParameters
    /// Whether the engine still runs is to be seen.
    case watchEngine
    /// A client is to get its metrics.
    case metrics(ClientID)
}
