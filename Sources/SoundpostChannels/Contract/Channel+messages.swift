extension Channel {
    /// What comes in, for tasks.
    ///
    ///     for try await message in channel.messages { … }
    ///
    /// Ends when the other end has ended or this one is closed. A message that cannot be read throws `serialization`;
    /// another loop over `messages` goes on after it. Several loops share what comes: each message goes to one of them.
    public var messages: Messages { Messages(channel: self) }

    public struct Messages: AsyncSequence, Sendable {
        public typealias Element = Message
        public typealias Failure = ChannelError
        let channel: Channel

        public struct AsyncIterator: AsyncIteratorProtocol {
            let channel: Channel

            public mutating func next() async throws(ChannelError) -> Message? {
                try await next(isolation: nil)
            }

            public mutating func next(isolation actor: isolated (any Actor)?) async throws(ChannelError) -> Message? {
                guard let arrival = await channel.core.nextArrival() else {
                    if let end = channel.core.endError, end.code != .disconnected { throw end }
                    return nil
                }
                return try arrival.get()
            }
        }

        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(channel: channel)
        }
    }
}
