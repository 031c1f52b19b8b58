/// How a channel carries its messages.
public enum ChannelKind: String, Sendable, Hashable, CaseIterable {
    /// Inside one process.
    case thread
    /// Lines of JSON over a Unix domain socket.
    case localSocket = "local_socket"
    /// Two rings in memory that two processes share.
    case sharedMemory = "shared_memory"
    /// Lines of JSON over two pipes, stdin and stdout as a rule.
    case stdio
}
