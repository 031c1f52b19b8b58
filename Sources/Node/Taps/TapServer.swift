import AudioEngine
import ChainModel
import Foundation
import Logging
import SoundpostChannels
import Synchronization
import WireFormats

/// One tap: a shared-memory channel for one reader, and a wire of the engine whose samples go into it.
///
/// The format is docs/protocols/audio-tap.md. A reader that is too slow loses samples, and is told how many; it never holds up the engine.
final class TapServer: Sendable {
    private static let patience = Duration.seconds(30)
    /// What the ring holds at least, so that a reader may be late.
    private static let ringBytes = 4 << 20

    private struct State {
        var isClosed = false
        var connection: RingConnection?
        var listener: AudioListener?
    }

    private let server: SharedMemoryServer
    private let point: WirePoint
    private let engine: Engine
    private let logger: Logger
    private let state = Mutex(State())
    private let ended = Atomic(false)

    init(_ name: String, _ point: WirePoint, engine: Engine, logger: Logger) throws(ChannelError) {
        server = try SharedMemoryServer(name, ringBytes: Self.ringBytes, codec: .raw)
        self.point = point
        self.engine = engine
        self.logger = logger
        let thread = Thread { [self] in serve() }
        thread.name = name
        thread.start()
    }

    /// Whether its reader has gone, or never came.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    func close() {
        let (connection, listener) = state.withLock { state in
            state.isClosed = true
            return (state.connection.take(), state.listener.take())
        }
        server.close()
        listener?.end()
        // What was written is still read.
        connection?.close()
    }

    /// The tap's thread: waits for the reader to come, and then for it to go.
    private func serve() {
        defer { ended.store(true, ordering: .releasing) }
        let connection: RingConnection
        do throws(ChannelError) {
            connection = try server.acceptRings(timeout: Self.patience)
        } catch {
            if error.code == .timeout { logger.notice("Nobody came to read the tap \(server.name).") }
            return
        }
        server.close()
        let stream = TapStream(connection, point)
        let listener = engine.listen(to: point) { stream.take($0) }
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.connection = connection
            state.listener = listener
            return true
        }
        // A reader writes nothing; what comes is its end.
        while isOpen, let record = try? connection.borrow() { _ = record.bytes.count }
        listener.end()
        connection.close()
    }
}

/// Writes what a wire carries into a ring; called on the engine's maintenance thread alone.
private final class TapStream: @unchecked Sendable {
    // Unchecked: the engine calls its listeners on one thread, one after another.
    private let connection: RingConnection
    private let point: WirePoint
    private var format: (sampleRate: Int, channels: Int)?
    /// Frames since the first record.
    private var position: UInt64 = 0
    /// The wire's own count, which begins again when a module is rebuilt.
    private var expected: UInt64 = 0
    private var missed: UInt32 = 0

    private static let header = 16

    init(_ connection: RingConnection, _ point: WirePoint) {
        self.connection = connection
        self.point = point
    }

    func take(_ chunk: AudioChunk) {
        let frames = chunk.samples.count / max(chunk.channels, 1)
        guard frames > 0 else { return }
        if let format {
            // What follows would be read wrongly.
            guard format == (chunk.sampleRate, chunk.channels) else {
                connection.end()
                return
            }
            if chunk.position > expected { skip(chunk.position - expected) }
        } else {
            guard begin(chunk) else { return }
        }
        expected = chunk.position + UInt64(frames)
        guard write(chunk, frames) else {
            skip(UInt64(frames))
            return
        }
        position += UInt64(frames)
        missed = 0
    }

    private func skip(_ frames: UInt64) {
        position += frames
        missed = UInt32(clamping: UInt64(missed) + frames)
    }

    /// The first record says what follows.
    private func begin(_ chunk: AudioChunk) -> Bool {
        var writer = JSONWriter()
        let members: JSONValue = [
            "sampleRate": .integer(Int64(chunk.sampleRate)), "channels": .integer(Int64(chunk.channels)),
            "instanceId": .string(point.instance?.rawValue ?? "$io"), "point": .string(point.side.rawValue),
        ]
        do {
            try writer.write(members)
            let loan = try connection.loan(writer.bytes.count, timeout: .zero)
            loan.bytes.copyBytes(from: writer.bytes)
            loan.publish()
        } catch {
            return false
        }
        format = (chunk.sampleRate, chunk.channels)
        return true
    }

    /// False when the ring has no room, or the reader has gone.
    private func write(_ chunk: AudioChunk, _ frames: Int) -> Bool {
        do {
            let loan = try connection.loan(Self.header + chunk.samples.count * 4, timeout: .zero)
            loan.bytes.storeBytes(of: position.littleEndian, as: UInt64.self)
            loan.bytes.storeBytes(of: UInt32(frames).littleEndian, toByteOffset: 8, as: UInt32.self)
            loan.bytes.storeBytes(of: missed.littleEndian, toByteOffset: 12, as: UInt32.self)
            chunk.samples.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: loan.bytes[Self.header...]).copyMemory(from: $0)
            }
            loan.publish()
            return true
        } catch {
            return false
        }
    }
}
