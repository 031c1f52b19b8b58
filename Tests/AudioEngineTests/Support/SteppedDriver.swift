import CDynamicChain
import DynamicChain
import Logging
import Synchronization

@testable import AudioEngine

/// Runs the host when a test says so, and no faster than feeder and writer follow: no frame is missed or lost.
///
/// `@unchecked Sendable`: one test uses it from one thread; the engine's own thread reads only ``failure``.
final class SteppedDriver: AudioDriver, @unchecked Sendable {
    private let core: DriverCore
    private let input: AudioRing?
    private let output: AudioRing?
    private let tap: AudioRing?
    private let frameSize: Int
    /// What came out, interleaved, when no sink took it.
    private(set) var captured: [Float] = []
    private let loss = Mutex<EngineError?>(nil)
    var failure: EngineError? {
        get { loss.withLock { $0 } }
        set { loss.withLock { $0 = newValue } }
    }

    init(_ request: DriverRequest) throws {
        let format = request.host.format
        frameSize = format.frameSize
        tap = request.output == nil ? try AudioRing(channels: format.outputs, frames: 4 * frameSize) : nil
        if let given = request.input {
            input = given
        } else {
            input = format.inputs > 0 ? try AudioRing(channels: format.inputs, frames: 1 << 20) : nil
        }
        output = request.output
        core = try DriverCore(
            DriverRequest(
                host: request.host,
                input: input,
                output: output ?? tap,
                source: request.source,
                sink: request.sink,
                priority: 0
            )
        )
        isFedByTest = request.input == nil
    }

    private let isFedByTest: Bool

    var counters: DynDriverCounters { core.counters }
    var isGateShut: Bool { core.isGateShut }

    func setGate(isOpen: Bool) {
        core.setGate(isOpen: isOpen)
    }

    func setGateNow(isOpen: Bool) {
        core.setGateNow(isOpen: isOpen)
    }

    func start() throws {}
    func stop() {}

    func advance(to position: UInt64) {
        while core.host.position < position { step(1) }
    }

    /// Queues input where the engine has no source of its own.
    func feed(_ signal: Signal) {
        let samples = signal.interleaved
        DynRing_WriteInterleaved(input!.pointer, samples, UInt32(signal.count))
    }

    /// Processes frames; what nobody fed is silence.
    func step(_ frames: Int) {
        for _ in 0..<frames {
            while !isFedByTest, let input, input.readable < frameSize { yieldThread() }
            while let output, output.writable < frameSize { yieldThread() }
            DynDriver_Step(core.pointer)
            guard let tap else { continue }
            var block = [Float](repeating: 0, count: frameSize * tap.channels)
            DynRing_ReadInterleaved(tap.pointer, &block, UInt32(frameSize))
            captured += block
        }
    }

    /// What came out since the last call.
    func takeCaptured() -> [Float] {
        defer { captured = [] }
        return captured
    }

    private func yieldThread() {
        PollingPause.oneMillisecond()
    }
}

/// An engine whose frames a test steps.
struct SteppedEngine {
    let engine: Engine
    private let box: Box

    private final class Box: Sendable {
        let driver = Mutex<SteppedDriver?>(nil)
    }

    init(maxLoadPercent: Double = 1e9, registry: ModuleRegistry = ModuleRegistry()) {
        let box = Box()
        self.box = box
        engine = Engine(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            workers: 1,
            registry: registry,
            maxLoadPercent: maxLoadPercent,
            realtimePriority: 0,
            makeDriver: { request in
                if case .card = request.sink { return try LiveDriver.make(request) }
                let driver = try SteppedDriver(request)
                box.driver.withLock { $0 = driver }
                return driver
            }
        )
    }

    /// The driver of the last start.
    var driver: SteppedDriver { box.driver.withLock { $0! } }

    /// Frames until the engine has nothing more to swap.
    func settle() {
        while engine.status().isSwapping {
            driver.step(1)
            Maintenance(shared: engine.shared, handles: engine.handles, logger: engine.logger).run()
        }
    }
}
