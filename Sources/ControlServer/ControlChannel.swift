import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Node
import Synchronization

/// What every accepted connection gets: HTTP/1.1 behind the ``UpgradeGate``, and the WebSocket protocol after a handshake
/// that the gate let through.
struct ControlChannel: ServerChildChannel, HTTPChannelHandler {
    /// What the client turned out to speak.
    enum Negotiated: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket(WebSocketSession, WebSocketSession.Connection)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Nil for a connection that is one too many.
        let negotiated: EventLoopFuture<Negotiated>?
    }

    let responder: Responder
    private let backend: any ControlBackend
    private let configuration: ControlServerConfiguration
    private let connections: OpenConnections
    private let counters = ServerCounters()
    private let clientNumbers = ClientNumbers()
    private let logger: Logger

    init(
        backend: any ControlBackend,
        configuration: ControlServerConfiguration,
        connections: OpenConnections,
        logger: Logger
    ) {
        self.backend = backend
        self.configuration = configuration
        self.connections = connections
        self.logger = logger
        responder = Routes(backend: backend, counters: counters, logger: logger).responder()
    }

    func setup(channel: any Channel, logger _: Logger) -> EventLoopFuture<Value> {
        let isServed = connections.add(channel)
        counters.connected(isServed: isServed)
        return channel.eventLoop.makeCompletedFuture {
            Value(channel: channel, negotiated: isServed ? try addProtocols(to: channel) : try refuse(channel))
        }
    }

    func handle(value: Value, logger _: Logger) async {
        guard let negotiated = value.negotiated else { return }
        do {
            switch try await negotiated.get() {
            case .http(let connection):
                await handleHTTP(asyncChannel: connection, logger: logger)
            case .webSocket(let session, let connection):
                await session.run(on: connection)
            }
        } catch {
            // The gate answered the first request itself, or the peer went before it sent one.
            logger.trace("A connection ended before it was served.", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    private func refuse(_ channel: any Channel) throws -> EventLoopFuture<Negotiated>? {
        try channel.pipeline.syncOperations.addHandlers([HTTPResponseEncoder(), OverloadHandler()])
        return nil
    }

    private func addProtocols(to channel: any Channel) throws -> EventLoopFuture<Negotiated> {
        let limits = configuration.limits
        var parserLimits = NIOHTTPDecoderLimitConfiguration()
        parserLimits.maxHeaderFieldSize = limits.headerBytes
        parserLimits.maxHeaderListSize = limits.headerBytes
        parserLimits.maxHeaderFieldCount = limits.headerFields

        let encoder = HTTPResponseEncoder()
        let budget = HeaderBudget(limit: limits.headerBytes)
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: parserLimits)
        )
        let pipelining = HTTPServerPipelineHandler()
        let gate = UpgradeGate(
            makeScreen: screen(forLocalPort:),
            budget: budget,
            headerTime: TimeAmount(limits.headerTime),
            counters: counters,
            logger: logger
        )
        let upgrade = NIOTypedHTTPServerUpgradeHandler(
            httpEncoder: encoder,
            extraHTTPHandlers: [gate, budget, decoder, pipelining],
            upgradeConfiguration: .init(upgraders: [upgrader()], notUpgradingCompletionHandler: serveHTTP(on:))
        )
        try channel.pipeline.syncOperations.addHandlers([encoder, budget, decoder, pipelining, gate, upgrade])
        return upgrade.upgradeResultFuture
    }

    private func screen(forLocalPort port: Int) -> RequestScreen {
        RequestScreen(
            policy: AccessPolicy(
                address: configuration.address,
                port: port,
                allowedHosts: configuration.allowedHosts,
                allowedOrigins: configuration.allowedOrigins
            )
        )
    }

    private func serveHTTP(on channel: any Channel) -> EventLoopFuture<Negotiated> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                HTTP1ToHTTPServerCodec(secure: false),
                HTTPConnectionStateHandler(idleTimeout: configuration.limits.idleTime, logger: logger),
            ])
            return .http(
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                )
            )
        }
    }

    private func upgrader() -> NIOTypedWebSocketServerUpgrader<Negotiated> {
        let limits = configuration.limits
        return NIOTypedWebSocketServerUpgrader(
            maxFrameSize: limits.messageBytes,
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
                let client = WebSocketClient(id: clientNumbers.next(), limits: limits)
                let session = WebSocketSession(
                    client: client,
                    backend: backend,
                    limits: limits,
                    counters: counters,
                    logger: logger
                )
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        WebSocketInputHandler(client: client, messageLimit: limits.messageBytes)
                    )
                    let connection = try WebSocketSession.Connection(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                    return .webSocket(session, connection)
                }
            }
        )
    }
}

/// Ids for clients, none given twice by one server.
private final class ClientNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> ClientID {
        ClientID("ws-\(last.add(1, ordering: .relaxed).newValue)")
    }
}
