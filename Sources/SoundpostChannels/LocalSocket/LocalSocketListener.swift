#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Synchronization

/// A name in the runtime directory where clients connect.
///
/// A socket's file outlives a server that is killed; whether its server lives is asked of the kernel. The directory's
/// lock makes asking and replacing one step, so of two servers that start at the same time one gets the name.
final class LocalSocketListener: Sendable {
    let name: String
    let path: String
    private let directory: RuntimeDirectory
    /// Whose members are let in beside the user.
    let group: UInt32?
    private let socket: Descriptor
    /// The file this server made.
    private let file: FileIdentity
    /// Readable once this is closed: accept(2) of a local socket is not woken otherwise on every system.
    private let alarm: (reader: Descriptor, writer: Descriptor)
    private let isClosed = CloseFlag()

    private struct FileIdentity: Equatable {
        let device: UInt64
        let number: UInt64

        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    init(_ text: String, in place: SocketPlace) throws(ChannelError) {
        let name = try ChannelName(text)
        let directory = try place.directory(for: text, isServer: true)
        let path = try directory.socket(of: name)
        self.name = text
        self.path = path
        self.directory = directory
        group = place.group
        let made: (socket: Descriptor, file: FileIdentity) = try directory.locked(channel: text) {
            () throws(ChannelError) in
            for other in directory.sockets() where other != path && Self.whatIs(other) == .stale { unlink(other) }
            switch Self.whatIs(path) {
            case .nothing: break
            case .stale: unlink(path)
            case .live: throw ChannelError(.io, channel: text, "the name is taken: a server listens at \(path)")
            case .foreign: throw ChannelError(.io, channel: text, "\(path) is no socket; it is left as it is")
            }
            return try Self.listen(at: path, text, place.group)
        }
        socket = made.socket
        file = made.file
        var ends: [Int32] = [-1, -1]
        let result = soundpost_pipe(&ends)
        guard result == 0 else {
            unlink(path)
            throw ChannelError(.io, channel: text, SystemError.text(-result))
        }
        alarm = (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    deinit {
        close()
    }

    private enum Finding {
        case nothing
        /// A socket whose server has died.
        case stale
        /// Somebody listens.
        case live
        /// A file that no channel made.
        case foreign
    }

    /// Asks the kernel what a socket's file stands for. The server itself sees nothing of it.
    private static func whatIs(_ path: String) -> Finding {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .nothing }
        // Connecting to another kind of file is refused too.
        guard status.st_mode & S_IFMT == S_IFSOCK else { return .foreign }
        switch -soundpost_look_for_socket(path) {
        case ECONNREFUSED: return .stale
        case ENOENT: return .nothing
        // Also when nothing is known: what may live is left alone.
        default: return .live
        }
    }

    /// Whether a client came and went without a word.
    private static func hasGone(_ client: Int32) -> Bool {
        var byte: UInt8 = 0
        return recv(client, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
    }

    private static func listen(
        at path: String, _ name: String, _ group: UInt32?
    ) throws(ChannelError) -> (Descriptor, FileIdentity) {
        func failure(_ code: Int32) -> ChannelError {
            ChannelError(.io, channel: name, "\(path): \(SystemError.text(code))")
        }
        let number = soundpost_unix_socket()
        guard number >= 0 else { throw failure(-number) }
        let socket = Descriptor(number)
        let result = soundpost_bind(number, path)
        guard result == 0 else { throw failure(-result) }
        // Nobody can connect before its mode says so.
        guard group.map({ chown(path, uid_t.max, $0) }) ?? 0 == 0, chmod(path, group == nil ? 0o600 : 0o660) == 0,
            SystemCall.listen(number, SOMAXCONN) == 0, let file = FileIdentity(path)
        else {
            let code = errno
            unlink(path)
            throw failure(code)
        }
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        return (socket, file)
    }

    /// Waits for the next client who is let in.
    ///
    /// - Returns: A connected socket in blocking mode, which is the caller's.
    /// - Throws: `timeout`, `disconnected` once this is closed, `io`.
    func accept(_ deadline: Deadline) throws(ChannelError) -> Int32 {
        while true {
            if isClosed.value { throw ChannelError(.disconnected, channel: name, "the server is closed") }
            let client = soundpost_accept(socket.number)
            if client >= 0 {
                // Some systems let a client inherit that its listener does not wait.
                _ = fcntl(client, F_SETFL, 0)
                if LocalSocket.isLetIn(client, group), !Self.hasGone(client) { return client }
                SystemCall.close(client)
                continue
            }
            switch -client {
            case EAGAIN, EWOULDBLOCK: break
            case ECONNABORTED, EINTR: continue
            case let code:
                if isClosed.value { continue }
                throw ChannelError(.io, channel: name, "no client can be accepted: \(SystemError.text(code))")
            }
            var entries = [
                pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: alarm.reader.number, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&entries, 2, deadline.milliseconds)
            if count == 0, deadline.hasPassed {
                throw ChannelError(.timeout, channel: name, "no client came in time")
            }
            if count < 0, errno != EINTR, errno != EAGAIN {
                throw ChannelError(.io, channel: name, "no client can be waited for: \(SystemError.text(errno))")
            }
        }
    }

    /// Ends it and removes its file, if that is still its own.
    func close() {
        guard isClosed.set() else { return }
        alarm.writer.letGo()
        // A directory that is gone has no file of ours. Before the socket is closed: as long as it is open, its file's
        // number is not given to the file of a successor.
        _ = try? directory.locked(channel: name) { () throws(ChannelError) in
            if FileIdentity(path) == file { unlink(path) }
        }
        socket.letGo()
    }
}
