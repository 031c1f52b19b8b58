import ControlServer
import Foundation
import Logging
import Settings

/// Reads file and environment again, on SIGHUP, and puts into effect what does not need a restart.
struct SettingsReload {
    let options: ServeOptions
    let started: NodeSettings
    let server: ControlServer
    let log: NodeLog
    let logger: Logger
    private var latest: Settings

    init(options: ServeOptions, started: NodeSettings, server: ControlServer, log: NodeLog, logger: Logger) {
        self.options = options
        self.started = started
        self.server = server
        self.log = log
        self.logger = logger
        latest = started.settings
    }

    /// Takes over all that may change, or nothing.
    mutating func run() {
        do {
            let loaded = try options.load()
            _ = try NodeSettings(loaded.settings)
            let effective = try NodeSettings(loaded.settings.keepingRestartOnly(from: started.settings))
            let access = try effective.access()
            try server.reload(try effective.server(access))
            log.level = effective.logLevel
            for warning in loaded.warnings { logger.warning("\(warning)") }
            if let file = access.newFile {
                logger.notice("An access token was made.", metadata: ["file": "\(file.path(percentEncoded: false))"])
            }
            report(loaded.settings)
            latest = loaded.settings
        } catch {
            logger.error(
                "The settings could not be read again; all stay as they were.", metadata: ["error": "\(error)"])
        }
    }

    private func report(_ settings: Settings) {
        let changed = settings.changes(from: latest).filter { $0.effect == .reload }
        let waiting = settings.changes(from: started.settings).filter { $0.effect == .restart }
        logger.notice(
            "The settings were read again.",
            metadata: ["changed": "\(Self.names(changed))"]
        )
        guard !waiting.isEmpty else { return }
        logger.warning("Some changed settings need a restart.", metadata: ["settings": "\(Self.names(waiting))"])
    }

    private static func names(_ definitions: [SettingDefinition]) -> String {
        definitions.isEmpty ? "none" : definitions.map { "\($0.key)" }.joined(separator: ", ")
    }
}
