import ArgumentParser
import AudioEngine
import Logging
import Node
import ServiceLifecycle
import Settings
import UnixSignals

/// `soundpost serve`: a node until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs a node: a chain that plays, and the API that controls it.",
        discussion: """
            Prints the address of the page when the node is ready; logs go to standard error. Options come before the \
            environment (SOUNDPOST_SECTION__KEY), that before the configuration file; 'soundpost config show' tells \
            what is in effect. SIGHUP reads file and environment again; SIGINT and SIGTERM stop the node cleanly.

            Example:
              soundpost serve --port 0 --source file:music.wav --sink card
            """
    )

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let loaded: LoadedSettings
        let settings: NodeSettings
        do throws(SettingsFaults) {
            loaded = try options.load()
            settings = try NodeSettings(loaded.settings)
        } catch {
            throw CommandFailure(error.faults.map(\.description))
        }
        // A node starts without sound when its source is gone, so that clients can choose another; but whoever names a
        // file here wants to hear it.
        if case .file(let path, _, _) = settings.node.source { _ = try AudioFileReader(path: path) }
        let log = NodeLog(format: loaded.settings[SettingCatalog.logFormat], level: settings.logLevel)
        let logger = log.logger
        for warning in loaded.warnings { logger.warning("\(warning)") }
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: NodeService(
                            options: options,
                            settings: settings,
                            node: Node(configuration: settings.node, logger: logger),
                            log: log,
                            logger: logger
                        )
                    )
                ],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: logger
            )
        )
        try await services.run()
    }
}
