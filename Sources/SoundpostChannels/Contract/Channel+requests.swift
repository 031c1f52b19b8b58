public import WireFormats

extension Channel {
    /// Asks, and waits for the answer on the calling thread. Any number of threads may ask at once.
    ///
    /// - Parameter timeout: Nil waits until the channel ends. An answer that comes later goes to nobody.
    /// - Throws: `ChannelError`; `Message.Failure` when the other end says that it cannot answer.
    @available(*, noasync, message: "use `ask`")
    public func request(_ method: String, _ data: JSONValue = .null, timeout: Duration? = nil) throws -> JSONValue {
        let question = Message(.request, id: core.newID(), method: method, data: data)
        return try Self.data(of: try core.ask(question, Deadline(after: timeout)))
    }

    /// Asks, and suspends the task until the answer is there. Cancelling the task gives the question up.
    ///
    /// - Throws: `ChannelError`, `Message.Failure`, `CancellationError`.
    public func ask(_ method: String, _ data: JSONValue = .null, timeout: Duration? = nil) async throws -> JSONValue {
        let question = Message(.request, id: core.newID(), method: method, data: data)
        return try Self.data(of: try await core.ask(question, timeout: timeout))
    }

    /// How long the other end takes to answer anything at all; waits on the calling thread.
    @available(*, noasync, message: "waits on the calling thread")
    public func ping(timeout: Duration? = .seconds(5)) throws(ChannelError) -> Duration {
        let start = ContinuousClock.now
        _ = try core.ask(Message(.ping, id: core.newID()), Deadline(after: timeout))
        return .now - start
    }

    private static func data(of answer: Message) throws -> JSONValue {
        if let failure = answer.error { throw failure }
        return answer.data
    }
}
