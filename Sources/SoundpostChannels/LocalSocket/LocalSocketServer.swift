/// Accepts clients of a local socket, each a channel of its own.
///
/// Any thread may accept, one at a time; `close` wakes it.
public final class LocalSocketServer: Sendable {
    public var name: String { listener.name }
    /// Path of the socket.
    public var path: String { listener.path }
    private let listener: LocalSocketListener

    /// - Throws: `io`, also when a live server has the name.
    public init(_ name: String, in place: SocketPlace = .userDirectory) throws(ChannelError) {
        listener = try LocalSocketListener(name, in: place)
    }

    deinit {
        close()
    }

    /// Waits for the next client. One that is another user's is passed over.
    ///
    /// - Throws: `timeout`, `disconnected` once the server is closed, `io`.
    public func accept(timeout: Duration? = nil, options: ChannelOptions = ChannelOptions()) throws(ChannelError)
        -> Channel
    {
        let socket = try listener.accept(Deadline(after: timeout))
        return Channel(LineTransport(socket: socket), name: name, options)
    }

    public func close() {
        listener.close()
    }
}
