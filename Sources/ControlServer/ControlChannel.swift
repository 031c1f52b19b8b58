import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket
import Node
import Synchronization

/// What every accepted connection gets: HTTP/1.1 behind the ``UpgradeGate``, and the WebSocket protocol after a
/// handshake that the gate let through.
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
    private let live: LiveRules
    private let connections: OpenConnections
    private let counters = ServerCounters()
    private let tokens = TokenGuard()
    private let clientNumbers = ClientNumbers()
    private let room = ListeningRoom()
    private let logger: Logger

    init(
        backend: any ControlBackend,
        live: LiveRules,
        connections: OpenConnections,
        logger: Logger
    ) {
        self.backend = backend
        self.live = live
        self.connections = connections
        self.logger = logger
        responder = Routes(backend: backend, live: live, counters: counters, logger: logger).responder()
    }

    func setup(channel: any Channel, logger _: Logger) -> EventLoopFuture<Value> {
        let rules: ConnectionRules
        do throws(ControlServerError) {
            rules = try live.current
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        let admission = connections.add(channel, limits: rules.configuration.limits)
        counters.connected(isServed: admission.refusal == nil)
        return channel.eventLoop.makeCompletedFuture {
            try channel.syncOptions?.setOption(
                .socketOption(.so_sndbuf), value: .init(rules.configuration.limits.socketBufferBytes))
            if let tls = rules.tls {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
            }
            if let refusal = admission.refusal {
                try channel.pipeline.syncOperations.addHandlers([HTTPResponseEncoder(), OverloadHandler(refusal)])
                return Value(channel: channel, negotiated: nil)
            }
            return Value(channel: channel, negotiated: try addProtocols(to: channel, under: rules))
        }
    }

    func handle(value: Value, logger _: Logger) async {
        guard let negotiated = value.negotiated else { return }
        do {
            switch try await negotiated.get() {
            case .http(let connection):
                await handleHTTP(asyncChannel: connection, logger: logger)
            case .webSocket(let session, let connection):
                await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
                    await session.run(on: connection)
                }
            }
        } catch {
            // The gate answered the first request itself, or the peer went before it sent one.
            logger.trace("A connection ended before it was served.", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    private func addProtocols(
        to channel: any Channel,
        under rules: ConnectionRules
    ) throws -> EventLoopFuture<Negotiated> {
        let limits = rules.configuration.limits
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
            makeScreen: { [tokens] channel in rules.screen(for: channel, tokens: tokens) },
            budget: budget,
            limits: limits,
            counters: counters,
            logger: logger
        )
        let upgrade = NIOTypedHTTPServerUpgradeHandler(
            httpEncoder: encoder,
            extraHTTPHandlers: [gate, budget, decoder, pipelining],
            upgradeConfiguration: .init(
                upgraders: [upgrader(limits)],
                notUpgradingCompletionHandler: { channel in serveHTTP(on: channel, idleTime: limits.idleTime) }
            )
        )
        try channel.pipeline.syncOperations.addHandlers([encoder, budget, decoder, pipelining, gate, upgrade])
        return upgrade.upgradeResultFuture
    }

    private func serveHTTP(on channel: any Channel, idleTime: Duration) -> EventLoopFuture<Negotiated> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                HTTP1ToHTTPServerCodec(secure: false),
                HTTPConnectionStateHandler(idleTimeout: idleTime, logger: logger),
            ])
            return .http(
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                )
            )
        }
    }

    private func upgrader(_ limits: ServerLimits) -> NIOTypedWebSocketServerUpgrader<Negotiated> {
        return NIOTypedWebSocketServerUpgrader(
            maxFrameSize: limits.messageBytes,
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, head in
                let client: WebSocketClient
                do throws(Refusal) {
                    client = try self.client(of: RequestTarget(head.uri), on: channel, limits: limits)
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
                let session = WebSocketSession(
                    client: client,
                    conversation: conversation(with: client, limits: limits),
                    limits: limits,
                    counters: counters,
                    logger: logger
                )
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        WebSocketOutputHandler(client: client, counters: counters),
                        WebSocketInputHandler(client: client, messageLimit: limits.messageBytes),
                    ])
                    return .webSocket(session, try WebSocketSession.Connection(wrappingChannelSynchronously: channel))
                }
            }
        )
    }
}

extension ControlChannel {
    private func client(
        of target: RequestTarget,
        on channel: any Channel,
        limits: ServerLimits
    ) throws(Refusal) -> WebSocketClient {
        WebSocketClient(
            id: clientNumbers.next(),
            name: try ClientName.read(from: target),
            peer: PeerName.of(channel.remoteAddress),
            path: WebSocketPath(target) ?? .control,
            limits: limits
        )
    }

    private func conversation(with client: WebSocketClient, limits: ServerLimits) -> any Conversation {
        switch client.path {
        case .control: ControlConversation(client: client, backend: backend)
        case .listening:
            ListeningConversation(client: client, backend: backend, room: room, limit: limits.listeners)
        }
    }
}

/// Ids for clients, none given twice by one server.
private final class ClientNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> ClientID {
        ClientID("ws-\(last.add(1, ordering: .relaxed).newValue)")
    }
}
