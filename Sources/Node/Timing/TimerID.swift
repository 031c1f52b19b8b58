/// What a timer is for. At most one timer runs for an id.
enum TimerID: Hashable, Sendable {
    /// What was committed is to be brought to disk.
    case synchronizeJournal
    /// The next round of changed values may go out.
    case updateRound
    /// The clients are to be told the engine's state.
    case engineStatus
    /// Whether the engine still runs is to be seen.
    case watchEngine
    /// The clients that want metrics every so many milliseconds are to get them.
    case metrics(MeasurementGroup)
    /// The clients that want these spectra are to get them.
    case spectra(ClientID)
}
