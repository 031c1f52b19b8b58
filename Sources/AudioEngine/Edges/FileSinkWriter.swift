import CDynamicChain
import Dispatch
import Logging
import Synchronization

/// Takes frames out of a ring and writes them to a file, behind the audio thread.
///
/// `@unchecked Sendable`: `drain()` runs on the writer's thread, and once more on the stopping thread after that has
/// ended; what others read is behind a mutex.
final class FileSinkWriter: @unchecked Sendable {
    private static let chunkFrames = 1024

    private let writer: AudioFileWriter
    private let ring: AudioRing
    private let logger: Logger
    private let chunk: UnsafeMutablePointer<Float>
    private let fault = Mutex<EngineError?>(nil)
    private var thread: PeriodicThread?

    init(writer: AudioFileWriter, ring: AudioRing, logger: Logger) {
        self.writer = writer
        self.ring = ring
        self.logger = logger
        chunk = .allocate(capacity: Self.chunkFrames * ring.channels)
        chunk.initialize(repeating: 0, count: Self.chunkFrames * ring.channels)
    }

    deinit {
        chunk.deallocate()
    }

    /// Why the file is no longer written, if so.
    var failure: EngineError? { fault.withLock { $0 } }

    func start(every interval: DispatchTimeInterval) {
        thread = PeriodicThread(name: "soundpost-writer", every: interval) { [unowned self] in drain() }
    }

    /// Ends the thread, writes what the ring still holds and completes the file. Call when the driver has stopped.
    func stop() {
        thread?.stop()
        thread = nil
        drain()
        do {
            try writer.close()
        } catch {
            record(error)
        }
    }

    /// Writes what is there. After a failure the frames are dropped, so that the audio thread is never held up.
    private func drain() {
        while true {
            let frames = min(ring.readable, Self.chunkFrames)
            guard frames > 0, DynRing_ReadInterleaved(ring.pointer, chunk, UInt32(frames)) > 0 else { return }
            guard failure == nil else { continue }
            do {
                try writer.write(chunk, frames: frames)
            } catch {
                record(error)
            }
        }
    }

    private func record(_ error: any Error) {
        logger.error("the sink failed; nothing more is written", metadata: ["reason": "\(error)"])
        let known = error as? EngineError ?? EngineError(.fileUnwritable, "\(writer.path): \(error)")
        fault.withLock { $0 = $0 ?? known }
    }
}
