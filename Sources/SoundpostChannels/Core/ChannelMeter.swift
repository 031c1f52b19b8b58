internal import Histogram
internal import Synchronization

/// Counts what goes through one channel.
final class ChannelMeter: Sendable {
    let messagesSent = Atomic(0)
    let messagesReceived = Atomic(0)
    let bytesSent = Atomic(0)
    let bytesReceived = Atomic(0)
    let errors = Atomic(0)
    let peakQueue = Atomic(0)
    private let start = ContinuousClock.now
    /// Microseconds, to two digits, up to a minute.
    private let latency = Mutex(
        Histogram<UInt32>(highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: .two))

    func sent(_ bytes: Int) {
        messagesSent.wrappingAdd(1, ordering: .relaxed)
        bytesSent.wrappingAdd(bytes, ordering: .relaxed)
    }

    func received(_ bytes: Int) {
        messagesReceived.wrappingAdd(1, ordering: .relaxed)
        bytesReceived.wrappingAdd(bytes, ordering: .relaxed)
    }

    func failed() {
        errors.wrappingAdd(1, ordering: .relaxed)
    }

    func queue(_ length: Int) {
        _ = peakQueue.max(length, ordering: .relaxed)
    }

    func answered(after length: Duration) {
        let parts = length.components
        let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
        latency.withLock { _ = $0.record(UInt64(clamping: microseconds)) }
    }

    func snapshot(_ name: String, _ kind: ChannelKind, queued: Int, peak: Int, dropped: Int) -> ChannelMetrics {
        let times = latency.withLock { latency in
            (
                count: Int(latency.totalCount), mean: latency.mean,
                at: [50.0, 99.0, 99.9].map {
                    Double(latency.valueAtPercentile($0))
                }, max: Double(latency.max)
            )
        }
        return ChannelMetrics(
            name: name,
            kind: kind,
            messagesSent: messagesSent.load(ordering: .relaxed),
            messagesReceived: messagesReceived.load(ordering: .relaxed),
            bytesSent: bytesSent.load(ordering: .relaxed),
            bytesReceived: bytesReceived.load(ordering: .relaxed),
            errors: errors.load(ordering: .relaxed),
            dropped: dropped,
            queueLength: queued,
            peakQueueLength: max(queued, peak, peakQueue.load(ordering: .relaxed)),
            latency: times.count == 0
                ? nil
                : ChannelMetrics.Latency(
                    requests: times.count, meanMicroseconds: times.mean, p50Microseconds: times.at[0],
                    p99Microseconds: times.at[1], p999Microseconds: times.at[2], maxMicroseconds: times.max),
            uptime: ContinuousClock.now - start
        )
    }
}
