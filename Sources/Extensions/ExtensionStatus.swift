/// How an extension is doing.
public struct ExtensionStatus: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its process runs, or is about to, and has not announced itself.
        case starting
        /// It has announced its handlers.
        case ready
        /// It ended by itself, or is being ended, and is started again.
        case restarting
        /// It ended by itself too often; it stays as it is until somebody restarts it.
        case failed
        /// The node has stopped it.
        case stopped
    }

    public var manifest: ExtensionManifest
    public var state: State
    /// Methods that it answers.
    public var handlers: [String] = []
    /// How often it was started again.
    public var restarts = 0
    /// Why it ended last.
    public var message: String?
    /// Events that were not handed on: too many, too large, or not read in time.
    public var droppedEvents = 0
}
