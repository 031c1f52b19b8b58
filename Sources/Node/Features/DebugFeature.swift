import AudioEngine
import ChainModel
import ControlProtocol

/// Load and levels, sent at an interval of its own to each client that asked.
final class DebugFeature: Feature {
    /// What a client may ask for, milliseconds.
    static let intervals = 50...10_000

    private let engine: Engine
    /// For clients that name none, milliseconds.
    private let defaultInterval: Int
    private let clients: ClientDirectory
    private let timers: Timers
    private let wallClock: WallClock
    private var subscriptions: [ClientID: SubscriptionID] = [:]
    /// What each client is sent, milliseconds.
    private(set) var intervals: [ClientID: Int] = [:]

    init(
        engine: Engine, defaultInterval: Int, clients: ClientDirectory, timers: Timers, wallClock: WallClock
    ) {
        self.engine = engine
        self.defaultInterval = defaultInterval
        self.clients = clients
        self.timers = timers
        self.wallClock = wallClock
    }

    func register(on router: inout MessageRouter) {
        router.on(subscribe)
        router.on(unsubscribe)
    }

    /// Ends what a client that has gone had asked for.
    func forget(_ client: ClientID) {
        timers.cancel(.metrics(client))
        intervals[client] = nil
        if let subscription = subscriptions.removeValue(forKey: client) {
            engine.unsubscribe(subscription)
        }
    }

    /// The figures now, without levels; nil while the simulation does not run.
    func snapshot() -> DebugMetrics? {
        engine.metrics().map { DebugMetrics($0, at: wallClock.milliseconds()) }
    }

    /// Takes up what clients had asked for before.
    func restore(_ intervals: [ClientID: Int]) {
        for (client, interval) in intervals {
            begin(client, every: interval)
        }
    }

    /// Ends all subscriptions.
    func close() {
        for client in Array(subscriptions.keys) {
            forget(client)
        }
    }

    private func subscribe(_ request: DebugSubscribe, from author: Author) -> Acknowledgement {
        let client = author.client
        let wanted = request.intervalMs?.value ?? defaultInterval
        let interval = min(max(wanted, Self.intervals.lowerBound), Self.intervals.upperBound)
        begin(client, every: interval)
        return Acknowledgement(of: DebugSubscribe.type)
    }

    private func begin(_ client: ClientID, every interval: Int) {
        intervals[client] = interval
        let subscription = subscriptions[client] ?? engine.subscribe()
        subscriptions[client] = subscription
        timers.every(.milliseconds(interval), .metrics(client)) { [unowned self] in
            send(subscription, to: client)
        }
    }

    private func unsubscribe(_ request: DebugUnsubscribe, from author: Author) -> Acknowledgement {
        forget(author.client)
        return Acknowledgement(of: DebugUnsubscribe.type)
    }

    /// Sends the figures since the last time; nothing while the simulation does not run.
    private func send(_ subscription: SubscriptionID, to client: ClientID) {
        guard let metrics = engine.metrics(for: subscription) else { return }
        clients.send(DebugMetrics(metrics, at: wallClock.milliseconds()), to: client, priority: .meter)
    }
}

extension DebugMetrics {
    init(_ metrics: EngineMetrics, at timestamp: Int64) {
        self.init(
            timestamp: timestamp,
            cpuLoad: metrics.cpuLoad,
            droppedFrames: Int(clamping: metrics.droppedFrames),
            blockTimeUs: BlockTime(
                p50: metrics.blockTimeUs.p50,
                p99: metrics.blockTimeUs.p99,
                p999: metrics.blockTimeUs.p999,
                max: metrics.blockTimeUs.max
            ),
            modules: Dictionary(
                uniqueKeysWithValues: metrics.modules.map { id, module in
                    let figures = Module(
                        processTimeUs: module.processTimeUs,
                        outputRmsDb: module.outputRmsDb,
                        outputPeakDb: module.outputPeakDb,
                        latencySamples: module.latencySamples
                    )
                    return (id.rawValue, figures)
                }
            )
        )
    }
}
