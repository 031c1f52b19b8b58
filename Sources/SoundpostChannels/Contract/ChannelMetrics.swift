/// What has gone through one channel since it was opened.
public struct ChannelMetrics: Sendable, Hashable {
    /// From a request's sending to its answer's arrival; those without an answer do not count.
    public struct Latency: Sendable, Hashable {
        public var requests: Int
        public var meanMicroseconds: Double
        public var p50Microseconds: Double
        public var p99Microseconds: Double
        public var p999Microseconds: Double
        public var maxMicroseconds: Double
    }

    public var name: String
    public var kind: ChannelKind
    public var messagesSent: Int
    public var messagesReceived: Int
    /// Of encoded messages; a thread channel encodes none.
    public var bytesSent: Int
    public var bytesReceived: Int
    /// Messages that could not be sent, read or handled.
    public var errors: Int
    /// Messages given up for newer ones.
    public var dropped: Int
    /// Messages that wait to be sent or to be taken.
    public var queueLength: Int
    public var peakQueueLength: Int
    /// Nil before the first answer.
    public var latency: Latency?
    public var uptime: Duration
}
