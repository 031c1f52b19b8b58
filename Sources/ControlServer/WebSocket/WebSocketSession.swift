import ControlProtocol
import Logging
import NIOCore
import NIOWebSocket
import Node
import Synchronization

/// One WebSocket connection from its upgrade to its end: hands the client's messages to its conversation one after
/// another. What goes out is written by the ``WebSocketOutputHandler``.
///
/// A message is read only when the conversation is ready for it, so a client that sends faster than the node works is
/// slowed down by TCP and loses nothing. Once either side wants to end, a close frame goes out behind the
/// acknowledgements that wait, the output is closed, and the input is drained until the peer closes too or
/// `closeTime` is over.
final class WebSocketSession: Sendable {
    typealias Connection = NIOAsyncChannel<WebSocketInput, Never>

    private let client: WebSocketClient
    private let conversation: any Conversation
    private let limits: ServerLimits
    private let counters: ServerCounters
    private let logger: Logger
    private let liveness = Mutex(Liveness())

    init(
        client: WebSocketClient,
        conversation: any Conversation,
        limits: ServerLimits,
        counters: ServerCounters,
        logger: Logger
    ) {
        self.client = client
        self.conversation = conversation
        self.limits = limits
        self.counters = counters
        self.logger = logger
    }

    /// Runs until the connection is closed.
    func run(on connection: Connection) async {
        counters.add(client)
        defer { counters.remove(client) }
        do {
            try await connection.executeThenClose { inbound in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await self.keepAlive() }
                    group.addTask { await self.boundClosing(of: connection.channel) }
                    // The node may have to read from disk, for which the connection's event loop does not wait.
                    await withTaskExecutorPreference(globalConcurrentExecutor) {
                        await self.conversation.begin()
                    }
                    await self.read(inbound)
                    await self.conversation.end()
                    self.client.abandon()
                    group.cancelAll()
                }
            }
        } catch {
            logger.debug("A connection broke.", metadata: ["client": "\(client.id)", "error": "\(error)"])
        }
    }

    private func read(_ inbound: NIOAsyncChannelInboundStream<WebSocketInput>) async {
        var assembler = MessageAssembler(limit: limits.messageBytes, takesMessages: conversation.takesMessages)
        var throttle = Throttle(limits: limits)
        do {
            for try await input in inbound {
                liveness.withLock { $0.heard() }
                guard !client.isFinished else { continue }
                switch input {
                case .unreadable(let reason):
                    client.finish(reason)
                case .frame(let frame):
                    try await take(assembler.receive(frame), throttle: &throttle)
                }
            }
        } catch {
            logger.debug("A connection ended.", metadata: ["client": "\(client.id)", "error": "\(error)"])
        }
    }

    private func take(_ event: MessageAssembler.Event, throttle: inout Throttle) async throws {
        switch event {
        case .incomplete, .pong:
            break
        case .ping(let payload):
            client.sendPong(payload)
        case .message(let bytes):
            counters.messageReceived()
            liveness.withLock { $0.setHandling(true) }
            defer { liveness.withLock { $0.setHandling(false) } }
            try await throttle.pass(client)
            await conversation.take(bytes)
        case .closed(let reason), .violation(let reason):
            client.finish(reason)
        }
    }

    private func keepAlive() async {
        do {
            while true {
                try await Task.sleep(for: limits.pingInterval)
                switch liveness.withLock({ $0.tick() }) {
                case .ping: client.sendPing()
                case .giveUp: client.finish(.silent, discardingRest: true)
                }
            }
        } catch {
            // The sleep throws only when the session has ended.
        }
    }

    private func boundClosing(of channel: any Channel) async {
        for await _ in client.finished {}
        do {
            try await Task.sleep(for: limits.closeTime)
            channel.close(promise: nil)
        } catch {
            // The sleep throws only when the session has ended.
        }
    }
}

/// Holds a client to its message rate and tells it so, once each time it has to be slowed down.
private struct Throttle {
    private static let notice = ErrorMessage(
        code: "rate_limited",
        message: "Messages come faster than this node takes them. They are handled late; none is lost."
    )

    private let start = ContinuousClock.now
    private var rate: TokenBucket
    private var slowing = false

    init(limits: ServerLimits) {
        rate = TokenBucket(perSecond: limits.messagesPerSecond, burst: limits.messageBurst)
    }

    /// Returns when the next message may be handled.
    mutating func pass(_ client: WebSocketClient) async throws {
        let wait = rate.take(at: ContinuousClock.now - start)
        guard wait > .zero else {
            slowing = false
            return
        }
        if !slowing {
            slowing = true
            client.send(try MessageEncoder().text(Self.notice), priority: .acknowledgement)
        }
        try await Task.sleep(for: wait)
    }
}
