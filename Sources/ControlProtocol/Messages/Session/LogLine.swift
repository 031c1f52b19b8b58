/// One line of the node's log, sent to every client. A client that connects late gets the kept lines first.
public struct LogLine: ControlEvent {
    public static let type = "log_stream"

    /// `DEBUG`, `INFO`, `WARN` or `ERROR`.
    public enum Level: String, Hashable, Sendable, Codable, CaseIterable {
        case debug = "DEBUG"
        case info = "INFO"
        case warning = "WARN"
        case error = "ERROR"
    }

    public var level: Level
    /// The part of the node that speaks, such as `node` or `engine`.
    public var source: String
    public var message: String
    /// Milliseconds since 1970 (UTC).
    public var timestamp: Int64

    public init(level: Level, source: String, message: String, timestamp: Int64) {
        self.level = level
        self.source = source
        self.message = message
        self.timestamp = timestamp
    }
}
