import Logging
import Settings
import Synchronization

/// The process's log on standard error, whose least level can change while it is written.
final class NodeLog: Sendable {
    private let threshold: Mutex<Logger.Level>
    private let format: LogFormat

    init(format: LogFormat, level: Logger.Level) {
        self.format = format
        threshold = Mutex(level)
    }

    var level: Logger.Level {
        get { threshold.withLock { $0 } }
        set { threshold.withLock { $0 = newValue } }
    }

    var logger: Logger {
        Logger(label: "soundpost") { label in
            switch format {
            case .text: Handler(log: self, base: StreamLogHandler.standardError(label: label))
            case .json: Handler(log: self, base: JSONLogHandler())
            }
        }
    }

    /// Asks the log for its level, unless its own copy of the logger was given another.
    private struct Handler: LogHandler {
        let log: NodeLog
        var base: any LogHandler
        var ownLevel: Logger.Level?

        var logLevel: Logger.Level {
            get { ownLevel ?? log.level }
            set { ownLevel = newValue }
        }

        var metadata: Logger.Metadata {
            get { base.metadata }
            set { base.metadata = newValue }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { base[metadataKey: key] }
            set { base[metadataKey: key] = newValue }
        }

        func log(event: LogEvent) {
            base.log(event: event)
        }
    }
}
