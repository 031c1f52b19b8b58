#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

extension Channel {
    /// A channel inside this process whose messages come back to whoever receives from it: a queue between threads.
    public static func thread(_ name: String, _ options: ChannelOptions = ChannelOptions()) throws(ChannelError)
        -> Channel
    {
        let lane = ThreadTransport.Lane(capacity: options.capacity, policy: options.backPressure)
        return Channel(
            ThreadTransport(outgoing: lane, incoming: lane), name: try ChannelName(name).text, options)
    }

    /// Two ends inside this process, `NAME_a` and `NAME_b`. They share one shutdown.
    public static func pair(
        _ name: String, _ options: ChannelOptions = ChannelOptions()
    ) throws(ChannelError) -> (Channel, Channel) {
        let name = try ChannelName(name).text
        var options = options
        options.shutdown = options.shutdown ?? ShutdownState()
        let there = ThreadTransport.Lane(capacity: options.capacity, policy: options.backPressure)
        let back = ThreadTransport.Lane(capacity: options.capacity, policy: options.backPressure)
        return (
            Channel(ThreadTransport(outgoing: there, incoming: back), name: name + "_a", options),
            Channel(ThreadTransport(outgoing: back, incoming: there), name: name + "_b", options)
        )
    }

    /// Connects to a `LocalSocketServer`.
    ///
    /// - Throws: `disconnected` when there is no server, `io`.
    @available(*, noasync, message: "waits on the calling thread")
    public static func connectLocalSocket(
        _ name: String, _ options: ChannelOptions = ChannelOptions(), in place: SocketPlace = .userDirectory
    ) throws(ChannelError) -> Channel {
        Channel(LineTransport(socket: try LocalSocket.connect(name, in: place)), name: name, options)
    }

    /// Connects to a `SharedMemoryServer` whose records are messages.
    @available(*, noasync, message: "waits on the calling thread")
    public static func connectSharedMemory(
        _ name: String, _ options: ChannelOptions = ChannelOptions(), wait: WaitStrategy = .sleeping,
        in place: SocketPlace = .userDirectory
    ) throws(ChannelError) -> Channel {
        Channel(over: try RingConnection.connect(name, codec: .json, wait: wait, in: place), options)
    }

    convenience init(over connection: RingConnection, _ options: ChannelOptions) {
        self.init(SharedMemoryTransport(connection), name: connection.name, options)
    }

    /// Lines of JSON over two descriptors, which it takes over, also when it throws: pipes to and from a child process,
    /// for instance.
    ///
    /// The process has to ignore SIGPIPE, because a pipe without a reader raises it.
    public static func lines(
        _ name: String, reading: Int32, writing: Int32, _ options: ChannelOptions = ChannelOptions()
    ) throws(ChannelError) -> Channel {
        var ends: [Int32] = [-1, -1]
        let result = soundpost_pipe(&ends)
        guard result == 0 else {
            SystemCall.close(reading)
            SystemCall.close(writing)
            throw ChannelError(.io, channel: name, "no pipe: \(SystemError.text(-result))")
        }
        let transport = LineTransport(reading: reading, writing: writing, alarm: (ends[0], ends[1]))
        return Channel(transport, name: name, options)
    }

    /// The channel over this process's stdin and stdout. From then on what the program prints goes to stderr, so that
    /// it cannot come between the messages; SIGPIPE is ignored. Once in a process.
    public static func standardInputAndOutput(_ options: ChannelOptions = ChannelOptions()) throws(ChannelError)
        -> Channel
    {
        signal(SIGPIPE, SIG_IGN)
        fflush(nil)
        let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0, output >= 0, nothing >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0,
            dup2(nothing, STDIN_FILENO) >= 0
        else {
            let code = errno
            for descriptor in [input, output, nothing] where descriptor >= 0 { SystemCall.close(descriptor) }
            throw ChannelError(.io, channel: "stdio", "stdin or stdout cannot be taken: \(SystemError.text(code))")
        }
        SystemCall.close(nothing)
        return try lines("stdio", reading: input, writing: output, options)
    }
}
