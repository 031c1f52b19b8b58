import CDynamicChain
import ChainModel
import Dispatch
import Logging

/// One stretch from start to stop: host, driver, source and sink, and the plans that the host holds.
///
/// `@unchecked Sendable`: every use is under the engine's state lock, or by the one who took the session out of it.
final class EngineSession: @unchecked Sendable {
    let source: SourceDescription
    let sink: SinkDescription
    let host: EngineHost
    let driver: any AudioDriver
    let feeder: SourceFeeder?
    let writer: FileSinkWriter?
    var metrics: MetricsCollector
    private var ends: EndTaps
    private var taps: SessionTaps
    /// Drains what the audio thread gives back; set once, right after `init`.
    var maintenance: PeriodicThread?

    /// The plan last given to the host.
    private(set) var running: EnginePlan
    /// Plans that the host has, and will give back.
    private var replaced: [EnginePlan] = []
    private var waiting: (plan: EnginePlan, mode: UInt32)?
    /// What is to be measured, and what the host was told.
    private var wantedMeasures: [InstanceID: UInt32] = [:]
    private var toldMeasures: [InstanceID: UInt32] = [:]

    init(
        plan: EnginePlan,
        host: EngineHost,
        ends: EndTaps,
        driver: any AudioDriver,
        feeder: SourceFeeder?,
        writer: FileSinkWriter?,
        source: SourceDescription,
        sink: SinkDescription,
        logger: Logger
    ) {
        running = plan
        self.host = host
        self.driver = driver
        self.feeder = feeder
        self.writer = writer
        self.source = source
        self.sink = sink
        self.ends = ends
        taps = SessionTaps(format: host.format, logger: logger)
        metrics = MetricsCollector(format: host.format)
    }

    var isOnCard: Bool {
        if case .card = sink { true } else { false }
    }

    /// The newest plan, whether the host has it yet or not: what parameters are checked against.
    var newest: EnginePlan { waiting?.plan ?? running }

    var isSwapping: Bool { waiting != nil || !replaced.isEmpty || host.isSwapping }

    /// Plans in the host's hands or on their way there.
    var planCount: Int { 1 + replaced.count + (waiting == nil ? 0 : 1) }

    // MARK: Plans

    /// Takes a plan that replaces the newest one. It goes to the host when no other swap is under way; until then a
    /// later offer takes its place.
    func offer(_ plan: EnginePlan, mode: UInt32) {
        for (instance, what) in wantedMeasures { plan.measure(instance, what) }
        waiting = (plan, mode)
        advanceSwaps()
    }

    /// Takes back what the host has let go, and gives it the plan that waits for that.
    ///
    /// - Returns: plans that nobody uses any more. Drop them outside the lock: freeing them takes a moment.
    @discardableResult
    func advanceSwaps() -> [EnginePlan] {
        var free: [EnginePlan] = []
        while let retired = host.takeRetired() {
            free += replaced.filter { $0.pointer == retired }
            replaced.removeAll { $0.pointer == retired }
        }
        guard let next = waiting, replaced.isEmpty, !host.isSwapping else { return free }
        DynHostPlan_Carry(next.plan.pointer, running.pointer)
        var event = DynHostEvent()
        event.kind = UInt32(DYNHOST_SWAP.rawValue)
        event.position = eventPosition
        event.plan = next.plan.pointer
        event.value.u8 = UInt8(next.mode)
        event.valueSize = 1
        // The taps go over to the new plan with its first frame.
        guard host.push([event] + taps.events(for: next.plan, at: event.position)) else { return free }
        replaced.append(running)
        running = next.plan
        toldMeasures = wantedMeasures.filter { running.modules[$0.key] != nil }
        waiting = nil
        return free
    }

    /// Where a new event takes effect. With several stages it must lie a frame ahead, so that it meets every stage at
    /// the same place of the stream; with one stage it acts with the next frame.
    private var eventPosition: UInt64 {
        let stages = max(running.stageCount, replaced.map(\.stageCount).max() ?? 1)
        return host.position + (stages > 1 ? UInt64(host.format.frameSize) : 0)
    }

    // MARK: Parameters

    /// Gives a batch to all plans: as one event to those that run, directly to the one that waits.
    ///
    /// - Throws: ``EngineError`` `busy` when the queue is full; then nothing was taken.
    func send(_ batch: [ParameterAssignment]) throws {
        let position = eventPosition
        let events = try batch.compactMap { assignment in
            try running.modules[assignment.id.instance]?
                .address(assignment.id.key, assignment.value).event(position: position)
        }
        guard events.isEmpty || host.push(events) else {
            throw EngineError(
                .busy,
                "the audio thread has not yet taken earlier changes; \(events.count) values were not taken "
                    + "(the queue holds \(EngineHost.eventCapacity))"
            )
        }
        if let waiting {
            for assignment in batch { try waiting.plan.apply(assignment) }
        }
    }

    // MARK: Measurements

    /// Says what is to be measured from now on, and on plans to come.
    func measure(_ wanted: [InstanceID: UInt32]) {
        wantedMeasures = wanted
        if let waiting {
            for instance in waiting.plan.modules.keys { waiting.plan.measure(instance, wanted[instance] ?? 0) }
        }
        tellMeasures()
    }

    /// Tells the host what has changed; what finds no room in the queue is told at the next call.
    private func tellMeasures() {
        guard wantedMeasures != toldMeasures else { return }
        let position = eventPosition
        let events = running.modules.compactMap { instance, module -> DynHostEvent? in
            let wanted = wantedMeasures[instance] ?? 0
            guard wanted != toldMeasures[instance] ?? 0 else { return nil }
            var event = DynHostEvent()
            event.kind = UInt32(DYNHOST_MEASURE.rawValue)
            event.position = position
            event.handle = module.handle
            event.value.i32 = Int32(wanted)
            event.valueSize = 4
            return event
        }
        if events.isEmpty || host.push(events) {
            toldMeasures = wantedMeasures
        }
    }

    // MARK: Taps

    /// Says which wires are to be watched from now on, and on plans to come.
    func tap(_ points: Set<WirePoint>) {
        taps.want(points)
        tellTaps()
    }

    /// What a wire lately carried; `nil` for one that is not watched.
    func history(of point: WirePoint) -> SampleHistory? {
        point.instance == nil ? ends.history(point.side) : taps.attached[point]?.history
    }

    /// The last seconds of what went into the chain.
    var heardInput: SampleHistory { ends.heardInput }

    private func tellTaps() {
        taps.sweep(host.position)
        // A host that swaps runs two plans with other channels, perhaps: afterwards is soon enough.
        guard waiting == nil, replaced.isEmpty else { return }
        var changed = taps
        let events = changed.changes(for: running, at: eventPosition)
        // What finds no room in the queue is told at the next call.
        guard events.isEmpty || host.push(events) else { return }
        changed.changed(running, position: host.position)
        taps = changed
    }

    // MARK: Life

    /// Takes all measurements and samples that are waiting.
    ///
    /// - Parameter heard: wires that are to be kept for somebody.
    func drain(hearing heard: Set<WirePoint>) {
        host.drainTelemetry { metrics.take($0) }
        ends.drain(into: &metrics, hearing: heard)
        taps.drain(hearing: heard)
    }

    /// What the listeners' wires carried since the last call.
    func takeUnheard() -> [(point: WirePoint, chunk: AudioChunk)] {
        ends.takeUnheard() + taps.takeUnheard()
    }

    /// What has to be done now and then, besides `drain`.
    ///
    /// - Returns: plans to be dropped outside the lock.
    func maintain() -> [EnginePlan] {
        tellMeasures()
        defer { tellTaps() }
        return advanceSwaps()
    }

    var failure: EngineError? { driver.failure ?? writer?.failure }

    /// Fades out, as far as the driver still moves.
    func rampDown() {
        host.setOutput(gain: 0, muteMask: 0)
        // A glide under way is finished first, so two fades may pass.
        let samples = 2 * host.format.fadeSamples + 2 * host.format.frameSize
        driver.advance(to: host.position + UInt64(samples))
    }

    /// Ends all threads and completes the sink. Afterwards nothing touches the plans any more.
    func close() {
        driver.stop()
        maintenance?.stop()
        feeder?.stop()
        writer?.stop()
    }
}
