import AudioEngine
import ChainModel
import Foundation
import Logging
import SoundpostChannels
import Synchronization

/// One tap: a shared-memory channel for one reader, and a wire of the engine whose samples go into it.
///
/// The format is docs/protocols/audio-tap.md. A reader that is too slow loses samples, and is told how many; it never
/// holds up the engine.
final class TapServer: Sendable {
    /// What the ring holds at least, so that a reader may be late.
    private static let ringBytes = 4 << 20

    private struct State {
        var isClosed = false
        var connection: RingConnection?
        var listener: AudioListener?
    }

    private let server: SharedMemoryServer
    private let point: WirePoint
    private let logger: Logger
    private let state = Mutex(State())
    private let meter = TapMeter()

    /// Makes the place where the reader comes: waits for the directory's lock.
    static func open() throws(ChannelError) -> SharedMemoryServer {
        let name = "tap_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
        return try SharedMemoryServer(name, ringBytes: ringBytes, codec: .raw)
    }

    init(_ server: SharedMemoryServer, _ point: WirePoint, logger: Logger) {
        self.server = server
        self.point = point
        var logger = logger
        logger[metadataKey: "tap"] = "\(server.name)"
        self.logger = logger
    }

    var name: String { server.name }

    var figures: ChannelFigures { meter.figures(name) }

    /// Waits for the reader to come, and then for it to go, on a thread of its own.
    ///
    /// - Parameters:
    ///   - patience: how long it has to come.
    ///   - ended: called on that thread when it has gone, or never came.
    func start(_ engine: Engine, patience: Duration, ended: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            serve(engine, patience)
            ended()
        }
        thread.name = name
        thread.start()
    }

    /// Ends it, from another thread. Its reader gets what was written. Waits for the directory's lock.
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

    private func serve(_ engine: Engine, _ patience: Duration) {
        let connection: RingConnection
        do throws(ChannelError) {
            connection = try server.acceptRings(timeout: patience)
        } catch {
            switch error.code {
            case .timeout: logger.notice("Nobody came to read a tap; it is closed.")
            // It was closed.
            case .disconnected: break
            default: logger.error("A tap cannot be read.", metadata: ["error": "\(error)"])
            }
            server.close()
            return
        }
        server.close()
        let stream = TapStream(connection, point, meter, logger)
        let listener = engine.listen(to: point) { stream.take($0, at: .now) }
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.connection = connection
            state.listener = listener
            return true
        }
        if isOpen { wait(for: connection) }
        listener.end()
        connection.close()
    }

    /// A reader writes nothing; what comes is its end.
    private func wait(for connection: RingConnection) {
        do throws(ChannelError) {
            while let record = try connection.borrow() { _ = record.bytes.count }
        } catch {
            guard !state.withLock({ $0.isClosed }) else { return }
            meter.failed()
            logger.warning(
                "The reader of a tap broke the protocol; the tap is closed.", metadata: ["error": "\(error)"])
        }
    }
}
