extension Channel {
    /// Sends a message that is JSON already: one object, as docs/protocols/channel.md says, without a line's end. Its grammar is not looked at.
    ///
    /// - Throws: as `send`; `sendFailed` also when it contains a line's end.
    public func send(encoded message: [UInt8]) throws(ChannelError) {
        guard message.count <= Message.maximumBytes else {
            throw ChannelError(
                .sendFailed, channel: name,
                "the message has \(message.count) bytes; at most \(Message.maximumBytes) are sent")
        }
        guard !message.contains(UInt8(ascii: "\n")) else {
            throw ChannelError(.sendFailed, channel: name, "an encoded message must not contain a line's end")
        }
        try core.send(.encoded(message))
    }
}
