/// Why a channel did not do what it was asked.
public struct ChannelError: Error, Hashable, CustomStringConvertible {
    /// What kind of failure it is. Kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        /// The other end is gone, or never was there.
        public static let disconnected = Code(description: "disconnected")
        /// The message was not accepted.
        public static let sendFailed = Code(description: "send_failed")
        /// What came breaks the rules of the wire. The channel is closed.
        public static let receiveFailed = Code(description: "receive_failed")
        /// Nothing came in time.
        public static let timeout = Code(description: "timeout")
        /// This end is shutting down.
        public static let shuttingDown = Code(description: "shutting_down")
        /// One message could not be written or read as JSON; the channel goes on.
        public static let serialization = Code(description: "serialization")
        /// The operating system refused something.
        public static let io = Code(description: "io")
    }

    public let code: Code
    /// Name of the channel; empty where there is none yet.
    public let channel: String
    public let message: String

    public init(_ code: Code, channel: String, _ message: String) {
        self.code = code
        self.channel = channel
        self.message = message
    }

    public var description: String { channel.isEmpty ? message : "channel '\(channel)': \(message)" }
}
