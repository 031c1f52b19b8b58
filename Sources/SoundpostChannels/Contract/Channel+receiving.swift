public import WireFormats

extension Channel {
    /// Waits for the next message, on the calling thread.
    ///
    /// - Parameter timeout: Nil waits for ever.
    /// - Throws: `timeout`; `disconnected` at the end; `serialization` for one message that cannot be read, after which the channel goes
    ///   on; `receiveFailed` when the other end breaks the rules, `io`.
    @available(*, noasync, message: "use `messages`")
    public func receive(timeout: Duration? = nil) throws(ChannelError) -> Message {
        try core.wait(Deadline(after: timeout)) { $0.take() }.get()
    }

    /// The next message if there is one; never waits.
    public func tryReceive() throws(ChannelError) -> Message? {
        do throws(ChannelError) {
            return try core.wait(.now) { $0.take() }.get()
        } catch {
            guard error.code == .timeout else { throw error }
            return nil
        }
    }

    /// Calls `body` for each message from now on, on a thread of the channel's own, one after another. A slow one makes the other end wait.
    ///
    /// The handler must not wait for this channel itself.
    ///
    /// - Parameter failure: Called for each message that could not be read.
    public func onMessage(
        failure: @escaping @Sendable (ChannelError) -> Void = { _ in }, _ body: @escaping @Sendable (Message) -> Void
    ) {
        core.change {
            $0.messageHandlers.append(body)
            $0.failureHandlers.append(failure)
        }
        core.startPump()
    }

    /// Answers requests of this method, on a thread of the channel's own.
    ///
    /// - Parameter body: Takes the request's data and returns the answer's. A `Message.Failure` that it throws is the answer; another error becomes
    ///   a failure with the code −32603. It must not wait for this channel itself.
    public func handle(_ method: String, _ body: @escaping @Sendable (JSONValue) throws -> JSONValue) {
        core.change { $0.methods[method] = { request in request.answer(try body(request.data)) } }
        core.startPump()
    }

    /// Wakes a foreign event loop after each message that this end has sent.
    public func wakeAfterSending(_ waker: any Waker) {
        core.wakeAfterSending(waker)
    }

    /// Wakes a foreign event loop when a message has come in, or the end; the loop then calls `tryReceive` until it returns nil.
    public func wakeOnArrival(_ waker: any Waker) {
        core.wakeOnArrival(waker)
    }
}
