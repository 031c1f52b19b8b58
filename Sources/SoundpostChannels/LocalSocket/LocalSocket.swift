#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

/// What both ends of a local socket do.
enum LocalSocket {
    private static let connectSeconds: Int32 = 5

    /// A connected socket, whose other end is of this user or of the place's group.
    ///
    /// - Throws: `disconnected` when there is no server; `timeout` when it lets nobody in; `io`.
    static func connect(_ text: String, in place: SocketPlace) throws(ChannelError) -> Int32 {
        let name = try ChannelName(text)
        let path = try place.directory(for: text, isServer: false).socket(of: name)
        let socket = soundpost_unix_socket()
        guard socket >= 0 else { throw ChannelError(.io, channel: text, SystemError.text(-socket)) }
        let result = soundpost_connect(socket, path, connectSeconds)
        guard result == 0 else {
            close(socket)
            throw switch -result {
            case EAGAIN:
                ChannelError(
                    .timeout, channel: text,
                    "the server of \(path) let nobody in for \(connectSeconds) s; too many wait for it")
            case ENOENT: ChannelError(.disconnected, channel: text, "there is no server: \(path) does not exist")
            case ECONNREFUSED:
                ChannelError(.disconnected, channel: text, "the server of \(path) is not running any more")
            case let code: ChannelError(.io, channel: text, "\(path): \(SystemError.text(code))")
            }
        }
        guard isLetIn(socket, place.group) else {
            close(socket)
            throw ChannelError(.io, channel: text, "the server of \(path) is another user's; nothing is sent to it")
        }
        return socket
    }

    /// Whether the other end is this user's, or a member's of the group.
    static func isLetIn(_ socket: Int32, _ group: UInt32?) -> Bool {
        var user = uid_t()
        guard soundpost_peer_user(socket, &user) == 0 else { return false }
        return user == geteuid() || group.map { soundpost_peer_is_in_group(socket, $0) == 1 } ?? false
    }
}
