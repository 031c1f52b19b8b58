extension SharedMemoryServer {
    /// Waits for the next client, as `acceptRings` does, and makes a channel of its connection.
    @available(*, noasync, message: "waits on the calling thread")
    public func accept(timeout: Duration? = nil, options: ChannelOptions = ChannelOptions()) throws(ChannelError)
        -> Channel
    {
        precondition(codec == .json, "a channel's records are messages in JSON")
        return Channel(over: try acceptRings(timeout: timeout), options)
    }
}
