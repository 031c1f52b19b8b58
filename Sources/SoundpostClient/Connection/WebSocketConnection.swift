import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// One WebSocket to a node, from its handshake to its end. Knows frames, not messages.
///
/// ``run(_:)`` must be called once; the connection ends with it.
final class WebSocketConnection: Sendable {
    private typealias Wrapped = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    private enum Outgoing: Sendable {
        case text(String)
        case ping
        case pong(ByteBuffer)
        case close
    }

    /// More than a node sends in one message.
    private static let longestMessage = 16 << 20

    private let channel: Wrapped
    private let address: NodeAddress
    private let keepAliveInterval: Duration
    private let outgoing: AsyncStream<Outgoing>
    private let outgoingSignal: AsyncStream<Outgoing>.Continuation
    private let keepAlive = Mutex(KeepAlive())

    private init(_ channel: Wrapped, configuration: ClientConfiguration) {
        self.channel = channel
        address = configuration.address
        keepAliveInterval = configuration.keepAlive
        (outgoing, outgoingSignal) = AsyncStream.makeStream(of: Outgoing.self)
    }

    /// Connects and shakes hands.
    ///
    /// - Throws: ``ClientError``, with the node's own words when it refuses.
    static func open(_ bootstrap: Bootstrap) async throws(ClientError) -> WebSocketConnection {
        let configuration = bootstrap.configuration
        let channel = try await bootstrap.connect { channel in
            let encoder = HTTPRequestEncoder()
            let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
            let handshake = HandshakeHandler(address: configuration.address, limit: configuration.connectTime)
            let upgrade = NIOTypedHTTPClientUpgradeHandler(
                httpHandlers: [encoder, decoder, handshake],
                upgradeConfiguration: upgrade(to: configuration, headers: bootstrap.headers)
            )
            try channel.pipeline.syncOperations.addHandlers([encoder, decoder, handshake, upgrade])
            return upgrade.upgradeResultFuture
        }
        return WebSocketConnection(channel, configuration: configuration)
    }

    private static func upgrade(
        to configuration: ClientConfiguration,
        headers: HTTPHeaders
    ) -> NIOTypedHTTPClientUpgradeConfiguration<Wrapped> {
        let query = configuration.name.map { "?client=\($0.replacing("#", with: "%23"))" } ?? ""
        return NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/ws\(query)", headers: headers),
            upgraders: [
                NIOTypedWebSocketClientUpgrader(maxFrameSize: longestMessage) { channel, _ in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOWebSocketFrameAggregator(
                                minNonFinalFragmentSize: 0,
                                maxAccumulatedFrameCount: 4096,
                                maxAccumulatedFrameSize: longestMessage
                            )
                        )
                        return try Wrapped(wrappingChannelSynchronously: channel)
                    }
                }
            ],
            notUpgradingCompletionHandler: { channel in
                let error = ClientError(.unreachable, "\(configuration.address) does not speak WebSocket at /ws.")
                return channel.eventLoop.makeFailedFuture(error)
            }
        )
    }

    /// Queues one message; returns at once. After the end it does nothing.
    func send(_ text: String) {
        outgoingSignal.yield(.text(text))
    }

    /// Ends the connection behind the messages that are queued.
    func close() {
        outgoingSignal.yield(.close)
        outgoingSignal.finish()
    }

    /// Hands every message to `receive`, in order, until the connection ends or the task is cancelled.
    ///
    /// - Returns: why it ended.
    func run(_ receive: @Sendable (ByteBuffer) async -> Void) async -> ClientError {
        var reason: String?
        do {
            try await channel.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await self.write(to: outbound) }
                    group.addTask { try await self.watch() }
                    defer { group.cancelAll() }
                    reason = try await read(inbound, receive)
                    // What is queued still goes out, the answer to a close frame among it.
                    outgoingSignal.finish()
                    try await group.next()
                }
            }
        } catch {
            reason = reason ?? "\(error)"
        }
        let words = reason.map { ": \($0)" } ?? "."
        return ClientError(.connectionLost, "The connection to \(address) was lost\(words)")
    }

    /// - Returns: what the node gave as its reason for closing; nil when it gave none.
    private func read(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ receive: @Sendable (ByteBuffer) async -> Void
    ) async throws -> String? {
        for try await frame in inbound {
            keepAlive.withLock { $0.heard() }
            switch frame.opcode {
            case .text:
                await receive(frame.unmaskedData)
            case .ping:
                outgoingSignal.yield(.pong(frame.unmaskedData))
            case .connectionClose:
                close()
                var data = frame.unmaskedData
                let code = data.readInteger(as: UInt16.self)
                let words = data.readString(length: data.readableBytes) ?? ""
                return code.map { "the node closed it with code \($0)\(words.isEmpty ? "" : ": \(words)")" }
            default:
                break
            }
        }
        return nil
    }

    private func write(to outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>) async throws {
        for await item in outgoing {
            try await outbound.write(Self.frame(item))
        }
    }

    /// Pings a node that is silent, and closes the connection when it stays so.
    private func watch() async throws {
        while true {
            try await Task.sleep(for: keepAliveInterval)
            switch keepAlive.withLock({ $0.tick() }) {
            case .none: break
            case .ping: outgoingSignal.yield(.ping)
            case .giveUp: return channel.channel.close(promise: nil)
            }
        }
    }

    /// A client masks every frame with a new random key (RFC 6455 section 5.3).
    private static func frame(_ item: Outgoing) -> WebSocketFrame {
        switch item {
        case .text(let text):
            return WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text))
        case .ping:
            return WebSocketFrame(fin: true, opcode: .ping, maskKey: .random(), data: ByteBuffer())
        case .pong(let payload):
            return WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: payload)
        case .close:
            let normal = ByteBuffer(integer: UInt16(1000))
            return WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: normal)
        }
    }
}
