/// Accepts clients of a local socket, each a channel of its own.
///
/// Any thread may accept, one at a time; `close` wakes it.
public final class LocalSocketServer: Sendable {
    public var name: String { listener.name }
    /// Path of the socket.
    public var path: String { listener.path }
    let listener: LocalSocketListener

    /// - Throws: `io`, also when a live server has the name.
    public init(_ name: String, in place: SocketPlace = .userDirectory) throws(ChannelError) {
        listener = try LocalSocketListener(name, in: place)
    }

    deinit {
        close()
    }

    public func close() {
        listener.close()
    }
}
