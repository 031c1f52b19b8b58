#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

/// Where the sockets of a user lie.
///
/// Nobody but the user may write to it, so nobody else can put a socket there. A lock on the directory itself makes
/// looking at a socket's file and replacing it one step.
struct RuntimeDirectory: Sendable {
    let path: String
    /// How long the lock is waited for.
    private static let patience = Duration.seconds(5)

    /// `$XDG_RUNTIME_DIR` if it is an absolute path, else `/tmp/soundpost-UID`, which is made if it is missing.
    static func ofUser(_ environment: [String: String], channel: String) throws(ChannelError) -> RuntimeDirectory {
        if let path = environment["XDG_RUNTIME_DIR"], path.hasPrefix("/") {
            return try RuntimeDirectory(path, channel: channel)
        }
        let path = "/tmp/soundpost-\(geteuid())"
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw ChannelError(.io, channel: channel, "\(path) cannot be made: \(SystemError.text(errno))")
        }
        return try RuntimeDirectory(path, channel: channel)
    }

    /// - Parameter mayBeOthers: Its owner may be another user, because who serves there is looked at.
    /// - Throws: `io` unless it is a directory of the user's that only the user may write to.
    init(_ path: String, channel: String, mayBeOthers: Bool = false) throws(ChannelError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw ChannelError(.io, channel: channel, "\(path): \(SystemError.text(errno))")
        }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard isDirectory, mayBeOthers || status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            let whose = mayBeOthers ? "that nobody but its owner" : "of this user that nobody else"
            throw ChannelError(
                .io, channel: channel,
                "\(path) has to be a directory \(whose) may write to; no channel is opened there")
        }
        self.path = path
    }

    /// Path of a channel's socket.
    func socket(of name: ChannelName) throws(ChannelError) -> String {
        let path = path + "/" + name.fileName
        guard path.utf8.count < soundpost_path_capacity() else {
            throw ChannelError(
                .io, channel: name.text,
                "its socket's path \(path) is longer than the \(soundpost_path_capacity() - 1) bytes the system allows")
        }
        return path
    }

    /// Runs `body` while no other process looks at or changes the directory's sockets.
    ///
    /// - Throws: `timeout` when the directory's lock is not to be had; `io`.
    func locked<Value>(channel: String, _ body: () throws(ChannelError) -> Value) throws(ChannelError) -> Value {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ChannelError(.io, channel: channel, "\(path) cannot be opened: \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        // Nobody holds it for long, unless it is a program that has nothing to do with channels.
        let deadline = Deadline(after: Self.patience)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw ChannelError(.io, channel: channel, "\(path) cannot be locked: \(SystemError.text(errno))")
            }
            guard !deadline.hasPassed else {
                throw ChannelError(.timeout, channel: channel, "another program keeps \(path) locked")
            }
            usleep(1000)
        }
        return try body()
    }

    /// Paths of all channels' sockets.
    func sockets() -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var paths: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(ChannelName.filePrefix), name.hasSuffix(ChannelName.fileSuffix) {
                paths.append(path + "/" + name)
            }
        }
        return paths
    }
}
