import ControlServer
import Foundation
import Logging
import Node
import ServiceLifecycle
import UnixSignals

/// A node and its control server as one service: the node runs before the first client comes and after the last is
/// gone.
struct NodeService: Service, CustomStringConvertible {
    let options: ServeOptions
    let settings: NodeSettings
    let node: Node
    let log: NodeLog
    let logger: Logger

    /// For the log of the service group.
    var description: String { "node" }

    /// Prints the page's address once the server listens, and returns when both have stopped. SIGHUP reads the settings
    /// again.
    func run() async throws {
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        try await node.start()
        do {
            try await serve(hangUps)
        } catch {
            await node.stop()
            throw error
        }
        await node.stop()
    }

    /// Tells the service manager something. That it cannot be told is no reason to stop the sound.
    private func tell(_ notify: () throws -> Void) {
        do {
            try notify()
        } catch {
            logger.warning("The service manager could not be told.", metadata: ["error": "\(error)"])
        }
    }

    private func serve(_ hangUps: UnixSignalsSequence) async throws {
        let access = try settings.access()
        let server = ControlServer(node: node, configuration: try settings.server(access), logger: logger)
        let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let address = try await server.url
            Terminal.print("Soundpost is listening on \(address)")
            if let complaint = settings.page.complaint { logger.notice("\(complaint)") }
            try access.announcement().forEach(Terminal.print)
            try manager?.ready()
            group.addTask {
                var reload = SettingsReload(
                    options: options, started: settings, server: server, log: log, logger: logger)
                for await _ in hangUps.cancelOnGracefulShutdown() {
                    tell { try manager?.reloading() }
                    reload.run()
                    tell { try manager?.ready() }
                }
                tell { try manager?.stopping() }
            }
            group.addTask {
                for await failure in node.failures.cancelOnGracefulShutdown() { throw failure }
            }
            // Not `waitForAll`, which would wait for the second task when the first has failed.
            while try await group.next() != nil {}
        }
    }
}
