import Logging

/// Writes log lines to another handler and into a ``LogHub``, each as far as its level lets it.
///
/// The other handler's level is asked for every line, because it may change while the node runs; swift-log's
/// `MultiplexLogHandler` remembers the levels of its first moment.
struct BranchedLogHandler: LogHandler {
    var base: any LogHandler
    var hub: HubLogHandler

    var logLevel: Logger.Level {
        get { min(base.logLevel, hub.logLevel) }
        set {
            base.logLevel = newValue
            hub.logLevel = newValue
        }
    }

    var metadata: Logger.Metadata {
        get { hub.metadata }
        set {
            base.metadata = newValue
            hub.metadata = newValue
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { hub[metadataKey: key] }
        set {
            base[metadataKey: key] = newValue
            hub[metadataKey: key] = newValue
        }
    }

    func log(event: LogEvent) {
        if base.logLevel <= event.level { base.log(event: event) }
        if hub.logLevel <= event.level { hub.log(event: event) }
    }
}
