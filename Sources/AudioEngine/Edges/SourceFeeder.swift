import CDynamicChain
import Dispatch
import Logging
import Synchronization

/// Keeps a ring filled from a source, ahead of the audio thread. After the source's end it feeds silence.
///
/// `@unchecked Sendable`: `fill()` is called by the starting thread before `start()`, then only by the feeder's thread;
/// what others read is atomic.
final class SourceFeeder: @unchecked Sendable {
    private let source: any SampleSource
    private let ring: AudioRing
    private let map: ChannelMap
    private let logger: Logger
    private let chunkFrames: Int
    private let input: UnsafeMutablePointer<Float>
    private let mapped: UnsafeMutablePointer<Float>
    private let ended = Atomic<Bool>(false)
    private var thread: PeriodicThread?

    /// - Parameters:
    ///   - source: at the chain's rate.
    ///   - ring: with the chain's input channels.
    ///   - chunkFrames: frames of one read, at most the ring's size.
    init(source: any SampleSource, ring: AudioRing, chunkFrames: Int, logger: Logger) {
        self.source = source
        self.ring = ring
        self.logger = logger
        self.chunkFrames = chunkFrames
        map = ChannelMap(from: source.channels, to: ring.channels)
        input = .allocate(capacity: chunkFrames * source.channels)
        input.initialize(repeating: 0, count: chunkFrames * source.channels)
        mapped = .allocate(capacity: chunkFrames * ring.channels)
        mapped.initialize(repeating: 0, count: chunkFrames * ring.channels)
    }

    deinit {
        input.deallocate()
        mapped.deallocate()
    }

    /// The source gave its last sample, or failed.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Fills the ring as far as whole chunks fit.
    func fill() {
        while ring.writable >= chunkFrames {
            var count = 0
            if !ended.load(ordering: .relaxed) {
                do {
                    count = try source.read(into: input, frames: chunkFrames)
                } catch {
                    logger.error("the source failed; silence follows", metadata: ["reason": "\(error)"])
                }
                if count < chunkFrames { ended.store(true, ordering: .releasing) }
            }
            map.apply(input, mapped, frames: count)
            (mapped + count * ring.channels).update(repeating: 0, count: (chunkFrames - count) * ring.channels)
            DynRing_WriteInterleaved(ring.pointer, mapped, UInt32(chunkFrames))
        }
    }

    /// Starts the thread that calls `fill()` several times in the time the ring lasts.
    func start(every interval: DispatchTimeInterval) {
        thread = PeriodicThread(name: "soundpost-feeder", every: interval) { [unowned self] in fill() }
    }

    /// Ends the thread; returns when it is over.
    func stop() {
        thread?.stop()
        thread = nil
    }
}
