import Foundation
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import Node
public import ServiceLifecycle

/// A node's control API on one port: HTTP for reading, WebSocket for everything.
///
/// Run it in a `ServiceGroup`, once. On graceful shutdown it stops accepting, lets running HTTP requests end, closes
/// every WebSocket with code 1001 behind the acknowledgements that wait, and is done within
/// ``ServerLimits/shutdownTime``. The node is neither started nor stopped by it.
public struct ControlServer: Service {
    private let configuration: ControlServerConfiguration
    private let backend: any ControlBackend
    private let logger: Logger
    private let bound = BoundAddress()

    /// - Parameters:
    ///   - node: answers the messages; started by the caller.
    ///   - configuration: where to listen, whom to answer, how much to take.
    ///   - logger: refused requests and broken connections, at level debug.
    public init(node: Node, configuration: ControlServerConfiguration, logger: Logger) {
        self.init(backend: node, configuration: configuration, logger: logger)
    }

    init(backend: any ControlBackend, configuration: ControlServerConfiguration, logger: Logger) {
        self.backend = backend
        self.configuration = configuration
        self.logger = logger
    }

    /// Where the server listens, with the port that the system chose when the configuration has 0.
    ///
    /// Waits until ``run()`` listens; throws the error with which it ends before that.
    public var boundAddress: ListenAddress {
        get async throws { try await bound.value }
    }

    /// Listens and serves until graceful shutdown or cancellation.
    ///
    /// - Throws: ``ControlServerError`` when the address cannot be listened on.
    public func run() async throws {
        do {
            try await serve()
            bound.settle(.failure(ControlServerError(.stopped, "The control server ended before it listened.")))
        } catch let error as IOError {
            let error = Self.listenError(error, address: configuration.address)
            bound.settle(.failure(error))
            throw error
        } catch {
            bound.settle(.failure(error))
            throw error
        }
    }

    /// Takes over another configuration for connections to come: hosts, origins, token, certificates, limits.
    ///
    /// - Throws: ``ControlServerError`` when certificates cannot be read, or when the address differs. Nothing is taken over
    ///   then.
    public func reload(_ configuration: ControlServerConfiguration) throws(ControlServerError) {
    }

    private func serve() async throws {
        let connections = OpenConnections(limit: configuration.limits.connections)
        let channel = ControlChannel(
            backend: backend,
            configuration: configuration,
            connections: connections,
            logger: logger
        )
        // Hummingbird says at level info what `boundAddress` is for.
        var serverLogger = logger
        serverLogger.logLevel = max(logger.logLevel, .warning)
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(configuration.address.host, port: configuration.address.port)
            ),
            onServerRunning: { [bound, host = configuration.address.host] channel in
                bound.settle(Result { try ListenAddress(host: host, port: channel.localAddress?.port ?? 0) })
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: serverLogger
        )
        // Once for connections that still are negotiated, whose tasks do not notice a cancellation, and once for those
        // that have no task.
        defer { connections.closeAll() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { [shutdownTime = configuration.limits.shutdownTime] in
                try await gracefulShutdown()
                try await Task.sleep(for: shutdownTime)
            }
            defer {
                connections.closeAll()
                group.cancelAll()
            }
            try await group.next()
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
