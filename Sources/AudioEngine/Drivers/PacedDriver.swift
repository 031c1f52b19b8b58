import CDynamicChain
import Dispatch
import Foundation
import Synchronization

/// Runs the host by the clock, without a sound card, on a thread of its own.
final class PacedDriver: AudioDriver {
    private let core: DriverCore
    private let priority: Int32
    private let finished = DispatchSemaphore(value: 0)
    private let isStarted = Mutex(false)

    init(_ request: DriverRequest) throws {
        core = try DriverCore(request)
        priority = request.priority
    }

    var counters: DynDriverCounters { core.counters }
    var isGateShut: Bool { core.isGateShut }

    func setGate(isOpen: Bool) {
        core.setGate(isOpen: isOpen)
    }

    func setGateNow(isOpen: Bool) {
        core.setGateNow(isOpen: isOpen)
    }

    func start() throws {
        let thread = Thread { [core, finished, priority] in
            DynDriver_RunPaced(core.pointer, priority)
            finished.signal()
        }
        thread.name = "soundpost-audio"
        isStarted.withLock { $0 = true }
        thread.start()
    }

    func advance(to position: UInt64) {
        core.wait(for: position, patience: .milliseconds(300))
    }

    func stop() {
        let wasStarted = isStarted.withLock { started in
            defer { started = false }
            return started
        }
        guard wasStarted else { return }
        DynDriver_Stop(core.pointer)
        finished.wait()
    }
}
