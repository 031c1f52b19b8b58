public import ControlProtocol
import Logging
import NIOCore

/// A connection to a node: asks with typed requests, hears its events, and comes back when the connection is lost.
///
/// ```swift
/// let client = try await SoundpostClient.connect(to: "127.0.0.1:5000", name: "desk")
/// try await client.set("gain#1", "gainDb#0", to: -6)
/// await client.close()
/// ```
///
/// Any number of tasks may ask at once; each gets its own answer. A client lives until ``close()``, whether somebody
/// still refers to it or not.
public actor SoundpostClient {
    /// How this client was connected.
    public nonisolated let configuration: ClientConfiguration

    private typealias Waiter = CheckedContinuation<NodeMessage, any Error>

    private let bootstrap: Bootstrap
    private nonisolated let eventHub: EventHub
    private nonisolated let stateHub: StateHub
    private let encoder = MessageEncoder()
    private var asks = PendingAsks<Waiter>()
    private var reconnection: Reconnection
    /// The connection that asks go to; nil while there is none.
    private var connection: WebSocketConnection?
    private var running: Task<Void, Never>?

    private init(_ bootstrap: Bootstrap) {
        let configuration = bootstrap.configuration
        self.bootstrap = bootstrap
        self.configuration = configuration
        eventHub = EventHub(stateLimit: configuration.waitingEvents, meterLimit: configuration.waitingMeters)
        reconnection = Reconnection(policy: configuration.reconnect)
        stateHub = StateHub(.connected)
    }

    /// Connects to a node.
    ///
    /// One attempt is made: a wrong address or token should be noticed at once. Only a connection that has existed is
    /// tried again when it is lost, as ``ClientConfiguration/reconnect`` says.
    ///
    /// - Parameters:
    ///   - address: see ``NodeAddress/init(_:)``.
    ///   - name: see ``ClientConfiguration/name``.
    ///   - token: see ``ClientConfiguration/token``.
    ///   - tls: whom to believe when the address is `https` or `wss`.
    /// - Throws: ``ClientError``.
    public static func connect(
        to address: String,
        name: String? = nil,
        token: String? = nil,
        tls: TLSOptions = TLSOptions()
    ) async throws(ClientError) -> SoundpostClient {
        try await connect(
            ClientConfiguration(address: try NodeAddress(address), name: name, token: token, tls: tls)
        )
    }

    /// Connects to a node as a configuration says. See ``connect(to:name:token:tls:)``.
    public static func connect(_ configuration: ClientConfiguration) async throws(ClientError) -> SoundpostClient {
        try ClientName.check(configuration.name)
        let bootstrap = try Bootstrap(configuration)
        let connection = try await WebSocketConnection.open(bootstrap)
        let client = SoundpostClient(bootstrap)
        await client.start(on: connection)
        return client
    }

    /// Sends a request and waits for its answer.
    ///
    /// - Parameters:
    ///   - request: any request of the protocol.
    ///   - timeout: how long to wait for the answer; nil for the configuration's ``ClientConfiguration/answerTime``.
    /// - Returns: the answer of a node that did what it was asked.
    /// - Throws: `ControlError` when the node refuses, whether by an `error` message or by an acknowledgement with
    ///   `success: false`; nothing has changed then. ``ClientError`` when there is no connection (nothing was sent), or
    ///   when the connection or the time ended first (what the node did is not known). `CancellationError` when the
    ///   task is cancelled, likewise.
    public func ask<Request: ControlRequest>(
        _ request: Request,
        timeout: Duration? = nil
    ) async throws -> Request.Response {
        let answer = try await answer(to: request, timeout: timeout ?? configuration.answerTime)
        if let refusal = answer.refusal { throw refusal }
        guard answer.type == Request.Response.type else {
            throw ClientError(.badAnswer, "\(Request.type) was answered with \(answer.type).")
        }
        do {
            return try answer.decode(Request.Response.self)
        } catch {
            throw ClientError(.badAnswer, "The answer to \(Request.type) cannot be read: \(error)", cause: error)
        }
    }

    /// What the node sends without being asked, from now on and across reconnections.
    ///
    /// Every access makes a reader of its own. What it has not read yet is kept within limits: of meters and log lines
    /// the oldest are dropped; of state changes, when ``ClientConfiguration/waitingEvents`` of them wait, too, and the
    /// reader gets ``NodeEvent/missed(count:)``. Answers to asks never wait here and are never dropped.
    public nonisolated var events: NodeEvents {
        NodeEvents(reader: eventHub.makeReader())
    }

    /// What the connection is doing, from now on; ends with the client.
    ///
    /// After ``ConnectionState/connected`` the node knows nothing of what was subscribed on an earlier connection:
    /// subscribe again, and read again what may have changed meanwhile.
    public nonisolated var states: AsyncStream<ConnectionState> {
        stateHub.states()
    }

    /// What the connection is doing now.
    public nonisolated var state: ConnectionState {
        stateHub.state
    }

    /// Ends the client. Asks that still wait fail with `closed`; returns when the connection is gone.
    public func close() async {
        reconnection.close()
        failAsks(ClientError(.closed, "The client was closed before the answer came."))
        if let connection {
            connection.close()
        } else {
            running?.cancel()
        }
        // A node answers a close frame at once; one that does not is left alone.
        let limit = Task { [running] in
            try await Task.sleep(for: .seconds(2))
            running?.cancel()
        }
        await running?.value
        limit.cancel()
    }

    private func start(on connection: WebSocketConnection) {
        self.connection = connection
        running = Task { await run(connection) }
    }

    private func run(_ first: WebSocketConnection) async {
        var current: WebSocketConnection? = first
        while let open = current {
            let cause = await open.run { [self] data in await receive(data) }
            connection = nil
            failAsks(
                ClientError(
                    .connectionLost,
                    "\(cause.message) Whether the node did what it was asked is not known.",
                    cause: cause
                )
            )
            current = await reconnect(because: cause)
        }
        stateHub.publish(reconnection.state)
        eventHub.finish()
    }

    /// Tries until there is a connection; nil when there will be none.
    private func reconnect(because cause: ClientError) async -> WebSocketConnection? {
        var cause = cause
        while case .wait(let delay) = reconnection.lost(because: cause, spread: .random(in: 0...1)) {
            configuration.logger.info("Connection lost.", metadata: ["cause": "\(cause)", "retryIn": "\(delay)"])
            stateHub.publish(reconnection.state)
            do {
                try await Task.sleep(for: delay)
            } catch {
                // The sleep throws only when the client is closed.
                return nil
            }
            reconnection.waited()
            stateHub.publish(reconnection.state)
            do {
                let connection = try await WebSocketConnection.open(bootstrap)
                reconnection.connected()
                self.connection = connection
                stateHub.publish(reconnection.state)
                return connection
            } catch {
                cause = error
            }
        }
        return nil
    }

    private func receive(_ data: ByteBuffer) {
        do {
            let decoder = EventDecoder()
            let message = try decoder.decode(Array(data.readableBytesView))
            if message.requestID != nil {
                asks.take(message.requestID)?.resume(returning: message)
            } else if let event = decoder.event(in: message) {
                eventHub.publish(.message(event))
            } else {
                eventHub.publish(.unknown(type: message.type, json: message.json))
            }
        } catch {
            configuration.logger.debug("A message of the node cannot be read.", metadata: ["error": "\(error)"])
        }
    }

    private func answer<Request: ControlRequest>(to request: Request, timeout: Duration) async throws -> NodeMessage {
        let id = asks.next()
        let text = try encoder.text(request, requestID: .number(id))
        let limit = Task {
            try await Task.sleep(for: timeout)
            let words = "The node did not answer \(Request.type) within \(timeout). Whether it did it is not known."
            fail(id, ClientError(.timedOut, words))
        }
        defer { limit.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                send(text, id: id, waiter)
            }
        } onCancel: {
            Task { await self.fail(id, CancellationError()) }
        }
    }

    private func send(_ text: String, id: Int64, _ waiter: Waiter) {
        guard !Task.isCancelled else { return waiter.resume(throwing: CancellationError()) }
        guard !reconnection.isClosed else {
            return waiter.resume(throwing: ClientError(.closed, "The client is closed."))
        }
        guard let connection else {
            let words = "There is no connection to \(configuration.address) at present; nothing was sent."
            return waiter.resume(throwing: ClientError(.notConnected, words))
        }
        asks.add(waiter, id: id)
        connection.send(text)
    }

    private func fail(_ id: Int64, _ error: any Error) {
        asks.take(.number(id))?.resume(throwing: error)
    }

    private func failAsks(_ error: ClientError) {
        for waiter in asks.takeAll() { waiter.resume(throwing: error) }
    }
}
