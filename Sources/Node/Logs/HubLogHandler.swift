import ControlProtocol
import Logging

/// Writes log lines into a ``LogHub``.
struct HubLogHandler: LogHandler {
    let hub: LogHub
    let source: String
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    init(hub: LogHub, source: String) {
        self.hub = hub
        self.source = source
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata.merging(event.metadata ?? [:]) { _, newer in newer }
        if let error = event.error {
            all["error"] = "\(error)"
        }
        let text = all.keys.sorted().reduce(into: "\(event.message)") { text, key in
            if let value = all[key] {
                text += " \(key)=\(value)"
            }
        }
        hub.write(level: LogLine.Level(event.level), source: source, message: text)
    }
}

extension LogLine.Level {
    init(_ level: Logger.Level) {
        switch level {
        case .trace, .debug: self = .debug
        case .info, .notice: self = .info
        case .warning: self = .warning
        case .error, .critical: self = .error
        }
    }
}
