import ChainModel
import Logging
import Synchronization

/// What the engine's own thread does every 20 ms: takes back what the audio thread has let go, keeps the swaps moving
/// and notices when a device is lost.
struct Maintenance {
    let shared: Engine.Shared
    let handles: InstanceHandles
    let logger: Logger

    func run() {
        var faults: [UInt32] = []
        var lost: EngineError?
        var chunks: [(point: WirePoint, chunk: AudioChunk)] = []
        var listeners: [(id: UInt64, point: WirePoint)] = []
        // Plans leave the lock before they are freed.
        let free = shared.state.withLock { state -> [EnginePlan] in
            guard let session = state.session else { return [] }
            listeners = state.listeners.map { ($0.key, $0.value.point) }
            session.drain(hearing: state.heardPoints)
            chunks = session.takeUnheard()
            let free = session.maintain()
            if state.failure == nil, let failure = session.driver.failure {
                state.failure = failure
                lost = failure
            }
            faults = session.metrics.faults.keys.filter { state.reportedFaults.insert($0).inserted }
            return free
        }
        for (point, chunk) in chunks {
            for listener in listeners where listener.point == point {
                // Asked each time: one that has ended meanwhile hears no more.
                let take = shared.state.withLock { $0.listeners[listener.id]?.take }
                take?(chunk)
            }
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
