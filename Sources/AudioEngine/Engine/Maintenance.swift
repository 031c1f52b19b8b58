import ChainModel
import Logging
import Synchronization

/// What the engine's own thread does every 20 ms: takes back what the audio thread has let go, keeps the swaps moving and
/// notices when a device is lost.
struct Maintenance {
    let shared: Engine.Shared
    let handles: InstanceHandles
    let logger: Logger

    func run() {
        var faults: [UInt32] = []
        var lost: EngineError?
        // Plans leave the lock before they are freed.
        let free = shared.state.withLock { state -> [EnginePlan] in
            guard let session = state.session else { return [] }
            let free = session.maintain()
            if state.failure == nil, let failure = session.driver.failure {
                state.failure = failure
                lost = failure
            }
            faults = session.metrics.faults.keys.filter { state.reportedFaults.insert($0).inserted }
            return free
        }
        if let lost { logger.error("\(lost.message)") }
        for handle in faults {
            logger.warning(
                "a module's output was not finite; it was muted and reset",
                metadata: ["module": "\(handles.instance(of: handle)?.rawValue ?? "unknown")"]
            )
        }
        withExtendedLifetime(free) {}
    }
}
