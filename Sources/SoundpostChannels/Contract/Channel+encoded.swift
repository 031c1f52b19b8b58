#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Channel {
    /// Sends a message that is JSON already: one object, as docs/protocols/channel.md says, without a line's end. Its
    /// grammar is not looked at.
    ///
    /// A response that is sent in this way does not count as the answer of a request that was received: when the
    /// other end has ended, this one's direction stays open for it until `close`.
    ///
    /// - Throws: as `send`; `sendFailed` also when it contains a line's end.
    public func send(encoded message: [UInt8]) throws(ChannelError) {
        guard message.count <= Message.maximumBytes else {
            throw ChannelError(
                .sendFailed, channel: name,
                "the message has \(message.count) bytes; at most \(Message.maximumBytes) are sent")
        }
        // Quicker than `contains`, which looks at one byte after another.
        let hasLineEnd = message.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memchr($0, Int32(UInt8(ascii: "\n")), bytes.count) != nil } ?? false
        }
        guard !hasLineEnd else {
            throw ChannelError(.sendFailed, channel: name, "an encoded message must not contain a line's end")
        }
        try core.send(.encoded(message))
    }
    /// Waits for the next message, on the calling thread, and hands its JSON to `body` where it lies: for those who
    /// decode themselves.
    ///
    /// Nobody looks into the message, not even for its grammar: a response does not go to its asker, a ping is not
    /// answered. So everything that comes has to be received in this way; what `request` or `receive` took in meanwhile
    /// is not found here. With handlers, `messages` or wakers for arrivals it throws `io`.
    ///
    /// - Parameters:
    ///   - timeout: Nil waits for ever; zero does not wait.
    ///   - body: The bytes, without a line's end, are only there during the call. It must not receive from this
    ///     channel.
    /// - Throws: as `receive`.
    @available(*, noasync, message: "waits on the calling thread")
    public func receiveEncoded(
        timeout: Duration? = nil, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(ChannelError) {
        try core.readEncoded(Deadline(after: timeout), body)
    }
}
