public import WireFormats

/// One end of a channel: messages to and from a thread, another process or another language, always in the same way.
///
/// There are three ways to receive, over one core: `receive` on a thread that may wait, `messages` for tasks, and
/// handlers. They share what comes in: each message goes to one of them, in the order of sending. Methods with a
/// handler (`handle`) answer by themselves.
///
/// All methods may be called from any thread and at the same time. Those that wait on the calling thread are not for
/// asynchronous code, with one exception: `send` waits too, under the policy `wait`, while the other end does not take
/// what it gets. A channel that nobody refers to any more closes.
///
/// Source: docs/protocols/channel.md, docs/protocols/shared-memory.md.
public final class Channel: Sendable {
    let core: ChannelCore

    init(_ transport: any Transport, name: String, _ options: ChannelOptions) {
        // A thread channel has its policy in its queue.
        let isQueued = options.backPressure != .wait && transport.kind != .thread
        let outer: any Transport =
            isQueued ? QueuedTransport(transport, capacity: options.capacity, policy: options.backPressure) : transport
        core = ChannelCore(outer, name: name, options)
        core.joinShutdown()
    }

    deinit {
        core.close()
    }

    public var name: String { core.name }
    public var kind: ChannelKind { core.kind }

    /// What has gone through this end.
    public var metrics: ChannelMetrics { core.metrics() }

    // MARK: Sending

    /// Sends one message. Messages of one thread arrive in the order of their sending.
    ///
    /// - Throws: `shuttingDown`, `disconnected`, `sendFailed` (no room under the policy `fail`, too long),
    ///   `serialization`, `io`.
    public func send(_ message: Message) throws(ChannelError) {
        try core.send(.message(message))
    }

    /// Sends a message of the type `data`.
    public func sendJSON(_ data: JSONValue) throws(ChannelError) {
        try send(Message(.data, data: data))
    }

    /// Sends an event.
    public func emit(_ event: String, _ data: JSONValue = .null) throws(ChannelError) {
        try send(Message(.event, event: event, data: data))
    }

    /// Answers a request that came by `receive` or `messages`.
    public func respond(to request: Message, _ data: JSONValue) throws(ChannelError) {
        try send(request.answer(data))
    }

    /// Says why a request has no answer.
    public func respond(to request: Message, _ failure: Message.Failure) throws(ChannelError) {
        try send(request.answer(failure))
    }

    // MARK: Ending

    /// Begins a graceful shutdown: nothing new is accepted, what was accepted is still sent, what the other end sent is
    /// still received.
    public func shutdown() {
        core.shutdown.shutdown()
    }

    public var isShutdown: Bool { core.shutdown.isShutdown }

    /// Waits, on the calling thread, until everything accepted has been handed over and every request has its answer.
    ///
    /// - Throws: `timeout`, and says what was still under way; `disconnected` or `io` when something was lost.
    @available(*, noasync, message: "waits on the calling thread")
    public func waitForDrain(timeout: Duration? = nil) throws(ChannelError) {
        try core.drain(timeout)
    }

    /// Lets go at once. Whoever waits for this channel, in any thread, gets `disconnected`.
    public func close() {
        core.close()
    }
}
