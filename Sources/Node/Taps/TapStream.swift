import AudioEngine
import ChainModel
import Logging
import SoundpostChannels
import WireFormats

/// Writes what a wire carries into a ring; called on the engine's maintenance thread alone.
final class TapStream: @unchecked Sendable {
    // Unchecked: the engine calls its listeners on one thread, one after another.
    private let connection: RingConnection
    private let point: WirePoint
    private let meter: TapMeter
    private let logger: Logger
    private var format: (sampleRate: Int, channels: Int)?
    private var timeline: TapTimeline
    private var hasEnded = false

    private static let header = 16

    init(_ connection: RingConnection, _ point: WirePoint, _ meter: TapMeter, _ logger: Logger) {
        self.connection = connection
        self.point = point
        self.meter = meter
        self.logger = logger
        timeline = TapTimeline(sampleRate: 1)
    }

    func take(_ chunk: AudioChunk, at now: ContinuousClock.Instant) {
        let frames = chunk.samples.count / max(chunk.channels, 1)
        guard frames > 0, !hasEnded else { return }
        if let format {
            // What follows would be read wrongly.
            guard format == (chunk.sampleRate, chunk.channels) else {
                hasEnded = true
                logger.notice("A tap has ended: the rate or the channels of its wire have changed.")
                return connection.end()
            }
        } else {
            guard write(Self.description(of: chunk, at: point)) else { return }
            format = (chunk.sampleRate, chunk.channels)
            timeline = TapTimeline(sampleRate: chunk.sampleRate)
        }
        timeline.arrive(frames, count: chunk.position, at: now)
        if write(chunk, frames) {
            timeline.handedOver(frames)
        } else {
            timeline.skip(UInt64(frames))
        }
    }

    /// The first record, which says what follows.
    private static func description(of chunk: AudioChunk, at point: WirePoint) -> [UInt8] {
        var writer = JSONWriter()
        let members: JSONValue = [
            "sampleRate": .integer(Int64(chunk.sampleRate)), "channels": .integer(Int64(chunk.channels)),
            "instanceId": .string(point.instance?.rawValue ?? "$io"), "point": .string(point.side.rawValue),
        ]
        do {
            try writer.write(members)
        } catch {
            preconditionFailure("Small numbers and texts cannot be written as JSON: \(error)")
        }
        return writer.bytes
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        write(bytes.count) { $0.copyBytes(from: bytes) }
    }

    private func write(_ chunk: AudioChunk, _ frames: Int) -> Bool {
        write(Self.header + chunk.samples.count * 4) { bytes in
            bytes.storeBytes(of: timeline.position.littleEndian, as: UInt64.self)
            bytes.storeBytes(of: UInt32(frames).littleEndian, toByteOffset: 8, as: UInt32.self)
            bytes.storeBytes(of: timeline.missed.littleEndian, toByteOffset: 12, as: UInt32.self)
            chunk.samples.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: bytes[Self.header...]).copyMemory(from: $0)
            }
        }
    }

    /// False when the ring has no room, or the reader has gone.
    private func write(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) -> Bool {
        do throws(ChannelError) {
            let loan = try connection.loan(count, timeout: .zero)
            fill(loan.bytes)
            loan.publish()
            meter.sent(count)
            return true
        } catch {
            switch error.code {
            case .timeout: meter.droppedRecord()
            // The tap's own thread sees the same.
            case .disconnected: hasEnded = true
            default:
                hasEnded = true
                meter.failed()
                logger.warning("A tap has ended.", metadata: ["error": "\(error)"])
            }
            return false
        }
    }
}
