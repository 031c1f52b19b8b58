import ArgumentParser
import AudioEngine
import ControlServer
import Foundation
import Logging
import Node
import ServiceLifecycle
import UnixSignals

/// `soundpost serve`: a node until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs a node: a chain that plays, and the API that controls it.",
        discussion: """
            Prints the address of the page when the node is ready; logs go to standard error. SIGINT and SIGTERM stop it \
            cleanly.

            Example:
              soundpost serve --port 0 --source file:music.wav --sink card
            """
    )

    @Option(help: "Address to listen on: 127.0.0.1, ::1 or localhost.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 5000

    @Option(help: ArgumentHelp("Directory with the node's state; made when absent.", valueName: "dir"))
    var data = "./data"

    @Option(
        help: "Where sound comes from: generator, file:PATH (loops), card[:NAME] or silence. (default: generator)",
        transform: { try SourceDescription(argument: $0) }
    )
    var source = SourceDescription.generator

    @Option(
        help: "Where sound goes: none, file:PATH or card[:NAME]. (default: none)",
        transform: { try SinkDescription(argument: $0) }
    )
    var sink = SinkDescription.none

    @Option(help: "Simulated cores, 1…16.")
    var cores = 2

    @Flag(name: .customLong("no-sim"), help: "Start without the simulation; a client starts it.")
    var startsWithoutSimulation = false

    @Option(
        help: "Least level of the log lines on standard error: debug, info, notice, warning or error. (default: info)",
        transform: level
    )
    var logLevel = Logger.Level.info

    func validate() throws {
        guard (1...16).contains(cores) else { throw ValidationError("--cores \(cores): a node has 1…16 cores.") }
        guard !data.isEmpty else { throw ValidationError("--data: the directory needs a name.") }
        do {
            _ = try ControlServerConfiguration(host: host, port: port)
        } catch {
            throw ValidationError("--host, --port: \(error)")
        }
    }

    private static func level(_ name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: name) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("the levels are \(names).")
        }
        return level
    }

    func run() async throws {
        // A node starts without sound when its source is gone, so that clients can choose another; but whoever names a
        // file here wants to hear it.
        if case .file(let path, _) = source { _ = try AudioFileReader(path: path) }
        let level = logLevel
        let logger = Logger(label: "soundpost") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let node = Node(
            configuration: NodeConfiguration(
                dataDirectory: URL(fileURLWithPath: data, isDirectory: true),
                source: source,
                sink: sink,
                cores: cores,
                startSimulation: !startsWithoutSimulation
            ),
            logger: logger
        )
        let server = ControlServer(
            node: node,
            configuration: try ControlServerConfiguration(host: host, port: port),
            logger: logger
        )
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: NodeService(node: node, server: server))],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: logger
            )
        )
        try await services.run()
    }
}
