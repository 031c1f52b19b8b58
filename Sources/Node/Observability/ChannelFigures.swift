import SoundpostChannels

/// What has gone through one of the node's channels since it was opened.
public struct ChannelFigures: Sendable {
    /// An extension's `ext_ID`, or the tap's name.
    public var channel: String
    /// `local_socket`, `shared_memory`.
    public var kind: String
    /// Records, of a tap.
    public var messagesSent = 0
    public var messagesReceived = 0
    public var bytesSent = 0
    public var bytesReceived = 0
    /// Messages that could not be sent, read or handled.
    public var errors = 0
    /// Messages given up: for newer ones, or because the reader was too slow.
    public var dropped = 0
    /// Messages that wait to be sent or to be taken.
    public var queueLength = 0
    public var peakQueueLength = 0
    /// From a request to its answer; nil before the first.
    public var latency: Latency?
    public var uptime: Duration

    /// Seconds.
    public struct Latency: Sendable {
        public var requests: Int
        public var mean: Double
        public var p50: Double
        public var p99: Double
        public var p999: Double
        public var max: Double
    }
}

extension ChannelFigures {
    init(_ metrics: ChannelMetrics, channel: String) {
        self.init(
            channel: channel,
            kind: metrics.kind.rawValue,
            messagesSent: metrics.messagesSent,
            messagesReceived: metrics.messagesReceived,
            bytesSent: metrics.bytesSent,
            bytesReceived: metrics.bytesReceived,
            errors: metrics.errors,
            dropped: metrics.dropped,
            queueLength: metrics.queueLength,
            peakQueueLength: metrics.peakQueueLength,
            latency: metrics.latency.map { latency in
                Latency(
                    requests: latency.requests, mean: latency.meanMicroseconds / 1e6,
                    p50: latency.p50Microseconds / 1e6, p99: latency.p99Microseconds / 1e6,
                    p999: latency.p999Microseconds / 1e6, max: latency.maxMicroseconds / 1e6)
            },
            uptime: metrics.uptime
        )
    }
}
