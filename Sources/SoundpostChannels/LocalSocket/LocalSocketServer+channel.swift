extension LocalSocketServer {
    /// Waits for the next client. One that is another user's is passed over.
    ///
    /// - Throws: `timeout`, `disconnected` once the server is closed, `io`.
    @available(*, noasync, message: "waits on the calling thread")
    public func accept(timeout: Duration? = nil, options: ChannelOptions = ChannelOptions()) throws(ChannelError)
        -> Channel
    {
        let socket = try listener.accept(Deadline(after: timeout))
        return Channel(LineTransport(socket: socket), name: name, options)
    }
}
