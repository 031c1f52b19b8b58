import CDynamicChain
import Dispatch
import Foundation
import Logging
import Synchronization

/// Keeps a ring filled from a source, ahead of the audio thread. After the source's end it feeds silence.
///
/// To pause, the driver's gate is closed: the source fades out, and nothing is read from the ring. To go elsewhere, the
/// gate is closed too; once it is shut the ring is emptied and filled from the new place, and the gate opens again.
///
/// A source may take as long as it likes, as a pipe whose writer pauses does: only the feeder's own thread waits for
/// it.
///
/// `@unchecked Sendable`: source and buffers are used by the feeder's thread alone; what others ask and say is in the
/// state, whose lock is never held while the source is read or moved.
final class SourceFeeder: @unchecked Sendable {
    /// How long a move waits for a driver that stands still.
    private static let patience = 100
    private static let gatePoll = 0.002
    /// How long starting and stopping wait for a source that does not answer.
    static let answerTime = DispatchTimeInterval.seconds(2)

    private let source: any SampleSource
    /// The same, when it can be moved.
    private let seekable: (any SeekableSource)?
    private let ring: AudioRing
    private let map: ChannelMap
    private let logger: Logger
    private let chunkFrames: Int
    private let input: UnsafeMutablePointer<Float>
    private let mapped: UnsafeMutablePointer<Float>
    private let state: Mutex<FeederState>
    /// Signalled when the ring is full for the first time.
    private let filled = DispatchSemaphore(value: 0)

    /// For a source without places.
    ///
    /// - Parameters:
    ///   - source: at the chain's rate.
    ///   - ring: with the chain's input channels.
    ///   - chunkFrames: frames of one read, at most the ring's size.
    convenience init(source: any SampleSource, ring: AudioRing, chunkFrames: Int, logger: Logger) {
        self.init(source, seekable: nil, ring, chunkFrames, logger)
    }

    /// For a source that can be moved.
    convenience init(seekable: any SeekableSource, ring: AudioRing, chunkFrames: Int, logger: Logger) {
        self.init(seekable, seekable: seekable, ring, chunkFrames, logger)
    }

    private init(
        _ source: any SampleSource,
        seekable: (any SeekableSource)?,
        _ ring: AudioRing,
        _ chunkFrames: Int,
        _ logger: Logger
    ) {
        self.source = source
        self.seekable = seekable
        self.ring = ring
        self.logger = logger
        self.chunkFrames = chunkFrames
        map = ChannelMap(from: source.channels, to: ring.channels)
        input = .allocate(capacity: chunkFrames * source.channels)
        input.initialize(repeating: 0, count: chunkFrames * source.channels)
        mapped = .allocate(capacity: chunkFrames * ring.channels)
        mapped.initialize(repeating: 0, count: chunkFrames * ring.channels)
        state = Mutex(
            FeederState(
                sampleRate: source.sampleRate,
                duration: seekable?.duration ?? 0,
                loops: seekable?.loops ?? true
            )
        )
    }

    deinit {
        input.deallocate()
        mapped.deallocate()
    }

    /// The source gave its last sample, or failed.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Starts the thread that fills the ring several times in the time it lasts. To be called before the driver starts.
    func start(every interval: DispatchTimeInterval) {
        state.withLock { state in
            // The thread keeps the feeder until it ends: it may outlast `stop()`.
            state.thread = PeriodicThread(name: "soundpost-feeder", every: interval) { self.serve() }
        }
    }

    /// Returns when the ring is full, so that the first frames find their samples, or when the source takes too long.
    func waitUntilFilled() {
        if filled.wait(timeout: .now() + Self.answerTime) == .timedOut {
            logger.warning("the source is slow to begin; until it does there is silence")
        }
    }

    /// Ends the thread; returns when it is over. A thread that waits for its source is left to itself after a while,
    /// and ends with the next sample.
    func stop(patience: DispatchTimeInterval = SourceFeeder.answerTime) {
        let thread = state.withLock { state in
            state.isStopped = true
            return state.thread.take()
        }
        guard let thread else { return }
        if !thread.stop(patience: patience) {
            logger.warning("the source does not answer; it is closed when it does")
        }
    }

    /// Before the start: whose gate lets the source be heard.
    func use(_ driver: any AudioDriver) {
        state.withLock { $0.driver = driver }
    }

    // MARK: Transport

    var transport: Transport {
        state.withLock { state in
            Transport(
                canPause: true,
                isSeekable: state.duration > 0,
                isPlaying: state.isPlaying,
                loops: state.loops,
                position: state.position(waiting: ring.readable),
                duration: state.duration,
                hasEnded: state.isOver(waiting: ring.readable)
            )
        }
    }

    /// See ``Engine/setTransport(isPlaying:position:loops:)``.
    func change(isPlaying: Bool?, position: Double?, loops: Bool?) throws {
        let poked = try state.withLock { state -> PeriodicThread? in
            guard (position == nil && loops == nil) || state.duration > 0 else {
                throw EngineError(.badArgument, "the source has no end and no places; it can only be paused")
            }
            guard position?.isNaN != true else {
                throw EngineError(.badArgument, "the position is no number; it is seconds from the start")
            }
            state.change(isPlaying: isPlaying, position: position, loops: loops, waiting: ring.readable)
            state.driver?.setGate(isOpen: state.isPlaying && state.target == nil)
            return state.target != nil ? state.thread : nil
        }
        poked?.poke()
    }

    /// Before the start: begins at a place.
    func resume(_ transport: Transport) {
        state.withLock { state in
            if state.duration > 0 {
                state.loops = transport.loops
                if transport.isSeekable, transport.position > 0, state.target == nil {
                    state.move(to: transport.position)
                }
            }
            state.isPlaying = transport.isPlaying
            state.driver?.setGateNow(isOpen: state.isPlaying)
        }
    }

    // MARK: The feeder's thread

    /// Moves if that was asked for, and fills the ring as far as whole chunks fit.
    func serve() {
        let isFirst = state.withLock { !$0.wasServed }
        // The first time nobody reads the ring yet.
        if !isFirst { waitForGate() }
        let (moves, target) = state.withLock { state in
            state.wasServed = true
            return (state.moves, isFirst || state.driver?.isGateShut ?? true ? state.target : nil)
        }
        if let target { move(to: target) }
        fill(until: moves)
        if target != nil {
            state.withLock { state in
                // Somewhere else is wanted already: the gate stays shut, and the thread was poked.
                guard state.moves == moves else { return }
                state.target = nil
                state.driver?.setGate(isOpen: state.isPlaying)
            }
        }
        if isFirst { filled.signal() }
    }

    private func waitForGate() {
        for _ in 0..<Self.patience {
            let mustWait = state.withLock { $0.target != nil && $0.driver?.isGateShut == false }
            guard mustWait else { return }
            Thread.sleep(forTimeInterval: Self.gatePoll)
        }
    }

    /// Goes to a place. Nobody reads the ring meanwhile.
    private func move(to target: Double) {
        guard let seekable else { return }
        do {
            let place = try seekable.seek(to: target)
            state.withLock { state in
                DynRing_Clear(ring.pointer)
                state.begin(at: place)
            }
        } catch {
            logger.error("the source cannot go there", metadata: ["seconds": "\(target)", "reason": "\(error)"])
        }
    }

    /// Fills the ring, or stops when another move is asked for. A chunk that is under way then is still written: the
    /// move comes afterwards, made by this thread, and throws it away.
    private func fill(until moves: Int) {
        while ring.writable >= chunkFrames {
            let (hasEnded, loops, isWanted) = state.withLock {
                ($0.hasEnded, $0.loops, $0.moves == moves && !$0.isStopped)
            }
            guard isWanted else { return }
            seekable?.loops = loops
            let count = hasEnded ? 0 : read()
            map.apply(input, mapped, frames: count)
            (mapped + count * ring.channels).update(repeating: 0, count: (chunkFrames - count) * ring.channels)
            state.withLock { state in
                // Under the lock, so that nobody sees a ring with samples that are not counted.
                DynRing_WriteInterleaved(ring.pointer, mapped, UInt32(chunkFrames))
                if !hasEnded { state.take(count, isLast: count < chunkFrames) }
                state.written += chunkFrames
                state.duration = seekable?.duration ?? 0
            }
        }
    }

    /// - Returns: how many frames came; fewer than a chunk are the last.
    private func read() -> Int {
        do {
            return try source.read(into: input, frames: chunkFrames)
        } catch {
            logger.error("the source failed; silence follows", metadata: ["reason": "\(error)"])
            return 0
        }
    }
}
