import ChainModel
import Dispatch
public import DynamicChain
public import Logging
import Synchronization

/// Plays a chain: takes sound from a source, runs it through the C core in real time, and gives it to a sink.
///
/// Every function may be called from any thread and returns without waiting for sound, except `start`, `stop`, `swap`
/// and `devices`, which take the time that building, opening and fading take. Nothing here runs on the audio thread.
///
/// Lifetime: an engine that is dropped while it runs stops without a fade.
public final class Engine: Sendable {
    /// What a threads' closure may hold without keeping the engine alive.
    final class Shared: Sendable {
        let state = Mutex(EngineState())
    }

    let shared = Shared()
    let handles = InstanceHandles()
    let builder: PlanBuilder
    let logger: Logger
    let workers: Int
    let maxLoadPercent: Double
    let priority: Int32
    /// Serialises start, stop and the building of plans, which take long. Taken before the state's lock, never after.
    private let lifecycle = Mutex(())
    private let makeDriver: DriverFactory

    /// - Parameters:
    ///   - logger: for what nobody asked for: a lost device, a module that was muted.
    ///   - workers: threads that share the simulated cores of a frame; more than the machine's processors are not made.
    ///   - registry: the module types; the same as the library that chains are flattened with.
    ///   - maxLoadPercent: a swap runs both chains side by side only when their load together stays below this.
    ///   - realtimePriority: SCHED_FIFO priority asked for, 1…99; 0 leaves the threads alone.
    public convenience init(
        logger: Logger,
        workers: Int = 1,
        registry: ModuleRegistry = ModuleRegistry(),
        maxLoadPercent: Double = 85,
        realtimePriority: Int = 70
    ) {
        self.init(
            logger: logger,
            workers: workers,
            registry: registry,
            maxLoadPercent: maxLoadPercent,
            realtimePriority: realtimePriority,
            makeDriver: LiveDriver.make
        )
    }

    init(
        logger: Logger,
        workers: Int,
        registry: ModuleRegistry,
        maxLoadPercent: Double,
        realtimePriority: Int,
        makeDriver: @escaping DriverFactory
    ) {
        self.logger = logger
        self.workers = max(workers, 1)
        self.maxLoadPercent = maxLoadPercent
        priority = Int32(clamping: realtimePriority)
        builder = PlanBuilder(registry: registry, handles: handles)
        self.makeDriver = makeDriver
    }

    deinit {
        shared.state.withLock { $0.session.take() }?.close()
    }

    /// A driver is at work. False after a device was lost; `status().failure` then says why.
    public var isRunning: Bool {
        shared.state.withLock { $0.session != nil && $0.failure == nil }
    }

    /// The chain that runs, or was the last to run, with its present values. Survives `stop()` and the loss of a
    /// device.
    public var setup: ChainSetup? {
        shared.state.withLock { $0.setup }
    }

    // MARK: Start and stop

    /// Builds the chain, opens source and sink, and plays.
    ///
    /// On a sound card the output fades in, at −20 dB unless a level was set; otherwise it starts at once.
    ///
    /// - Parameter transport: where the source begins; `nil` = at its start.
    /// - Throws: ``EngineError``: `alreadyRunning`; what building a chain, opening a file or a device can meet. The
    ///   engine is then as it was before.
    public func start(
        _ setup: ChainSetup,
        source: SourceDescription,
        sink: SinkDescription,
        resuming transport: Transport? = nil
    ) throws {
        try lifecycle.withLock { _ in
            guard !isRunning else { throw EngineError(.alreadyRunning, "the engine is running") }
            let plan = try builder.build(setup)
            endSession(fading: false)
            try begin(plan, setup, source: source, sink: sink, resuming: transport)
        }
    }

    /// Fades out, ends all threads and completes the sink. The chain and its values stay. Does nothing when stopped.
    public func stop() {
        lifecycle.withLock { _ in endSession(fading: true) }
    }

    private func begin(
        _ plan: EnginePlan,
        _ setup: ChainSetup,
        source: SourceDescription,
        sink: SinkDescription,
        resuming transport: Transport?
    ) throws {
        let session = try SessionBuilder(logger: logger, workers: workers, priority: priority, makeDriver: makeDriver)
            .build(plan, source: source, sink: sink)
        let previous = shared.state.withLock { $0.begin(session, plan, setup, handles: handles) }
        if let transport { session.feeder?.resume(transport) }
        session.feeder?.start(every: SessionBuilder.feederInterval)
        session.feeder?.waitUntilFilled()
        do {
            try session.driver.start()
        } catch {
            shared.state.withLock { state in
                state.session = nil
                state.setup = previous
            }
            session.close()
            throw error
        }
        session.writer?.start(every: SessionBuilder.writerInterval)
        session.maintenance = PeriodicThread(name: "soundpost-engine", every: .milliseconds(20)) {
            [shared, handles, logger] in
            Maintenance(shared: shared, handles: handles, logger: logger).run()
        }
        logger.info(
            "playing",
            metadata: [
                "source": "\(source)", "sink": "\(session.driver.deviceName ?? "\(sink)")",
                "rate": "\(plan.format.sampleRate)", "frame": "\(plan.format.frameSize)",
            ]
        )
    }

    private func endSession(fading: Bool) {
        guard let session = shared.state.withLock({ $0.session }) else { return }
        if fading, session.driver.failure == nil { session.rampDown() }
        shared.state.withLock { state in
            state.session = nil
            state.failure = session.writer?.failure
        }
        session.close()
        if let failure = session.writer?.failure {
            shared.state.withLock { $0.failure = failure }
        }
    }

    // MARK: Changes

    /// Changes values; all of them take effect in one frame. Whatever runs or is about to run gets them.
    ///
    /// A value that a built chain cannot take (a structural one, which decides its memory) rebuilds the chain beside
    /// the running one and swaps it in, as `swap(to:)` does. An engine that is stopped remembers the values as part of
    /// `setup`, unchecked until the chain is built.
    ///
    /// - Throws: ``EngineError`` `busy` when the audio thread is behind, `unknownModule`, `unknownParameter`,
    ///   `badValue`. Nothing of the batch was taken then.
    public func set(_ batch: [ParameterAssignment]) throws {
        let needsRebuild = try shared.state.withLock { try $0.set(batch) }
        guard needsRebuild else { return }
        _ = try lifecycle.withLock { _ in
            try replaceChain { setup in
                for assignment in batch { setup?.parameters[assignment.id] = assignment.value }
                return setup
            }
        }
    }

    /// Replaces the chain while it plays, without a click. Instances that both chains have keep their state.
    ///
    /// One swap is under way at a time; a chain that is handed in meanwhile waits, and a still newer one takes its
    /// place.
    ///
    /// - Returns: how the change is heard, or will be.
    /// - Throws: ``EngineError`` `notRunning`; what building a chain can meet. The old chain plays on then. When the
    ///   new chain has another rate, frame size or channels the engine starts again (`restart`), which a file as the
    ///   sink does not allow (`formatMismatch`).
    @discardableResult
    public func swap(to setup: ChainSetup) throws -> SwapOutcome {
        try lifecycle.withLock { _ in try replaceChain { _ in setup } }
    }

    /// Builds a chain to see that it can run; nothing is played and nothing changes.
    ///
    /// - Throws: what building a chain can meet.
    public func check(_ setup: ChainSetup) throws {
        _ = try builder.build(setup)
    }

    /// - Parameter next: makes the new setup from the present one; what is set from then on reaches both chains.
    private func replaceChain(_ next: (inout ChainSetup?) -> ChainSetup?) throws -> SwapOutcome {
        let (session, setup) = shared.state.withLock { state in
            var present = state.setup
            state.changesDuringBuild = []
            return (state.failure == nil ? state.session : nil, next(&present))
        }
        defer { shared.state.withLock { $0.changesDuringBuild = nil } }
        guard let session, let setup else {
            throw EngineError(.notRunning, "the engine is not running; a chain is swapped while it plays")
        }
        guard HostFormat(chain: setup.chain) == session.host.format else {
            return try restart(setup, after: session)
        }
        let plan = try builder.build(setup)
        return shared.state.withLock { $0.offer(plan, setup, to: session, maxLoadPercent: maxLoadPercent) }
    }

    private func restart(_ setup: ChainSetup, after session: EngineSession) throws -> SwapOutcome {
        if case .file(let path) = session.sink {
            let format = session.host.format
            throw EngineError(
                .formatMismatch,
                "\(path) is being written with \(format.outputs) channels at \(format.sampleRate) Hz; stop before "
                    + "changing to a chain with other channels, rate or frame size"
            )
        }
        let old = self.setup
        let transport = session.transport
        let plan = try builder.build(setup)
        endSession(fading: true)
        do {
            try begin(plan, setup, source: session.source, sink: session.sink, resuming: transport)
        } catch {
            // The old chain fitted its ends before; it plays again, and the new one's fault is reported.
            if let old {
                try begin(
                    builder.build(old), old, source: session.source, sink: session.sink, resuming: transport)
            }
            throw error
        }
        return .restart
    }

    // MARK: Devices

    /// The machine's sound cards, as they are now; while a card plays, as they were when it started.
    ///
    /// - Throws: ``EngineError`` `deviceUnavailable` when the sound system does not answer.
    public func devices() throws -> AudioDevices {
        try lifecycle.withLock { _ in try PortAudioSession().devices }
    }
}
