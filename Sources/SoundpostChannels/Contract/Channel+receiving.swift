public import WireFormats

extension Channel {
    /// Waits for the next message, on the calling thread.
    ///
    /// - Parameter timeout: Nil waits for ever.
    /// - Throws: `timeout`; `disconnected` at the end; `serialization` for one message that cannot be read, after which
    ///   the channel goes on; `receiveFailed` when the other end breaks the rules, `io`.
    @available(*, noasync, message: "use `messages`")
    public func receive(timeout: Duration? = nil) throws(ChannelError) -> Message {
        try core.receive(Deadline(after: timeout)).get()
    }

    /// The next message if there is one; never waits.
    public func tryReceive() throws(ChannelError) -> Message? {
        do throws(ChannelError) {
            return try core.receive(.now).get()
        } catch {
            guard error.code == .timeout else { throw error }
            return nil
        }
    }

    /// Calls `body` for each message, those included that have come already, on a thread of the channel's own, one
    /// after another. A slow one makes the other end wait. Handlers are let go of when the channel ends.
    ///
    /// - Parameters:
    ///   - failure: Called for each message that could not be read.
    ///   - body: It must not wait for the channel's end or drain.
    public func onMessage(
        failure: @escaping @Sendable (ChannelError) -> Void = { _ in }, _ body: @escaping @Sendable (Message) -> Void
    ) {
        core.addHandlers(message: body, failure: failure)
    }

    /// Answers requests of this method, those included that have come already, on a thread of the channel's own, one
    /// after another.
    ///
    /// From the first handler of a method on, requests of other methods are refused with the code −32601, unless
    /// somebody receives messages here in one of the other ways, and gets them. So where there are several, register
    /// them at once. A graceful shutdown waits for the answers of requests that came before it; those that come
    /// afterwards are refused with −32000. Handlers are let go of when the channel ends.
    ///
    /// - Parameter body: Takes the request's data and returns the answer's. A `Message.Failure` that it throws is the
    ///   answer; another error becomes a failure with the code −32603. It must not wait for the channel's end or drain.
    public func handle(_ method: String, _ body: @escaping @Sendable (JSONValue) throws -> JSONValue) {
        handle([method: body])
    }

    /// The same for several methods.
    public func handle(_ methods: [String: @Sendable (JSONValue) throws -> JSONValue]) {
        core.setHandlers(
            of: methods.mapValues { body in { request in request.answer(try body(request.data)) } })
    }

    /// Wakes a foreign event loop after each message that this end has sent.
    public func wakeAfterSending(_ waker: any Waker) {
        core.wakeAfterSending(waker)
    }

    /// Wakes a foreign event loop when a message has come in, or the end; the loop then calls `tryReceive` until it
    /// returns nil.
    public func wakeOnArrival(_ waker: any Waker) {
        core.wakeOnArrival(waker)
    }
}
