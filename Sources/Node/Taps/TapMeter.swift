import SoundpostChannels
import Synchronization

/// Counts what goes through one tap. Any thread.
final class TapMeter: Sendable {
    private let records = Atomic(0)
    private let bytes = Atomic(0)
    private let errors = Atomic(0)
    private let dropped = Atomic(0)
    private let start = ContinuousClock.now

    func sent(_ count: Int) {
        records.wrappingAdd(1, ordering: .relaxed)
        bytes.wrappingAdd(count, ordering: .relaxed)
    }

    /// A record found no room.
    func droppedRecord() {
        dropped.wrappingAdd(1, ordering: .relaxed)
    }

    func failed() {
        errors.wrappingAdd(1, ordering: .relaxed)
    }

    func figures(_ name: String) -> ChannelFigures {
        ChannelFigures(
            channel: name,
            kind: ChannelKind.sharedMemory.rawValue,
            messagesSent: records.load(ordering: .relaxed),
            bytesSent: bytes.load(ordering: .relaxed),
            errors: errors.load(ordering: .relaxed),
            dropped: dropped.load(ordering: .relaxed),
            uptime: .now - start
        )
    }
}
