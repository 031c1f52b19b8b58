import Foundation
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import Node
public import ServiceLifecycle

/// A node's control API on one port: HTTP for reading and for files, WebSocket for everything.
///
/// Run it in a `ServiceGroup`, once. On graceful shutdown it stops accepting, lets running HTTP requests end, closes
/// every WebSocket with code 1001 behind the acknowledgements that wait, and is done within
/// ``ServerLimits/shutdownTime``, even if the node does not answer. The node is neither started nor stopped by it.
public struct ControlServer: Service {
    private let live: LiveRules
    private let backend: any ControlBackend
    private let logger: Logger
    private let bound = Outcome<ListenAddress>()

    /// - Parameters:
    ///   - node: answers the messages; started by the caller.
    ///   - configuration: where to listen, whom to answer, how much to take.
    ///   - logger: refused requests and broken connections, at level debug.
    public init(node: Node, configuration: ControlServerConfiguration, logger: Logger) {
        self.init(backend: node, configuration: configuration, logger: logger)
    }

    init(backend: any ControlBackend, configuration: ControlServerConfiguration, logger: Logger) {
        self.backend = backend
        self.logger = logger
        live = LiveRules(configuration)
    }

    /// Where the server listens, with the port that the system chose when the configuration has 0.
    ///
    /// Waits until ``run()`` listens; throws the error with which it ends before that.
    public var boundAddress: ListenAddress {
        get async throws { try await bound.value }
    }

    /// The address of the page, as a browser on this machine takes it; waits like ``boundAddress``.
    public var url: String {
        get async throws {
            let address = try await boundAddress
            let scheme = try live.current.tls == nil ? "http" : "https"
            guard address.isWildcard else { return "\(scheme)://\(address)/" }
            return "\(scheme)://\(address.host == "::" ? "[::1]" : "127.0.0.1"):\(address.port)/"
        }
    }

    /// Listens and serves until graceful shutdown or cancellation. Raises the process's limit of open files.
    ///
    /// - Throws: ``ControlServerError`` when certificates cannot be used or the address cannot be listened on.
    public func run() async throws {
        do {
            try await serve()
            bound.settle(.failure(ControlServerError(.stopped, "The control server ended before it listened.")))
        } catch let error as IOError {
            let error = Self.listenError(error, address: live.first.address)
            bound.settle(.failure(error))
            throw error
        } catch {
            bound.settle(.failure(error))
            throw error
        }
    }

    /// Takes over another configuration for connections to come: hosts, origins, token, certificates, limits. Those
    /// that are open live on under the rules they came in under.
    ///
    /// - Throws: ``ControlServerError`` when certificates cannot be read, or when the address differs. Nothing is taken
    ///   over then.
    public func reload(_ configuration: ControlServerConfiguration) throws(ControlServerError) {
        try live.replace(with: configuration)
    }

    /// Half of the cores: the control interface must not crowd out the sound, and few loops answer many clients in one
    /// turn.
    private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: max(1, System.coreCount / 2))

    private func serve() async throws {
        let configuration = try live.current.configuration
        let connections = OpenConnections(limits: configuration.limits, systemLimit: openFiles(configuration.limits))
        let channel = ControlChannel(backend: backend, live: live, connections: connections, logger: logger)
        // Hummingbird says at level info what `boundAddress` is for.
        var serverLogger = logger
        serverLogger.logLevel = max(logger.logLevel, .warning)
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(configuration.address.host, port: configuration.address.port),
                backlog: 1024
            ),
            onServerRunning: { [bound, host = configuration.address.host] channel in
                bound.settle(Result { try ListenAddress(host: host, port: channel.localAddress?.port ?? 0) })
            },
            eventLoopGroup: Self.eventLoops,
            logger: serverLogger
        )
        // Once for connections that still are negotiated, whose tasks do not notice a cancellation, and once for those
        // that have no task.
        defer { connections.closeAll() }
        try await Self.run(server.run, within: configuration.limits.shutdownTime, orElse: connections.closeAll)
    }

    private func openFiles(_ limits: ServerLimits) -> Int {
        let room = OpenFiles.raiseLimit()
        if room < limits.connections {
            logger.notice(
                "The limit of open files leaves room for fewer connections than configured.",
                metadata: ["connections": "\(room)", "configured": "\(limits.connections)"]
            )
        }
        return room
    }

    /// Runs the server until it ends, or until some time after it was told to. A node that never answers must not keep
    /// it, so it runs in a task that can be left behind.
    private static func run(
        _ serve: @escaping @Sendable () async throws -> Void,
        within shutdownTime: Duration,
        orElse abandon: @escaping @Sendable () -> Void
    ) async throws {
        let end = Outcome<Void>()
        let serving = Task {
            do {
                end.settle(.success(try await serve()))
            } catch {
                end.settle(.failure(error))
            }
        }
        let deadline = Task {
            try await gracefulShutdown()
            try await Task.sleep(for: shutdownTime)
            end.settle(.success(()))
        }
        defer {
            deadline.cancel()
            abandon()
            serving.cancel()
        }
        try await withTaskCancellationHandler {
            try await end.value
        } onCancel: {
            abandon()
            serving.cancel()
            Task {
                try await Task.sleep(for: shutdownTime)
                end.settle(.failure(CancellationError()))
            }
        }
    }

    private static func listenError(_ error: IOError, address: ListenAddress) -> ControlServerError {
        if error.errnoCode == POSIXErrorCode.EADDRINUSE.rawValue {
            return ControlServerError(
                .addressInUse,
                "Another program listens on \(address). Stop it, or choose another port; 0 takes a free one.",
                cause: error
            )
        }
        return ControlServerError(.bindFailed, "Cannot listen on \(address): \(error).", cause: error)
    }
}
