import AudioEngine
import ChainModel
import ControlProtocol

/// Load and levels, sent to each client that asked, at the interval that it asked for. Clients with the same interval get the
/// same text: it is made once, however many there are.
final class DebugFeature: Feature {
    /// What a client may ask for, milliseconds.
    static let intervals = 50...10_000

    private let engine: Engine
    /// For clients that name none, milliseconds.
    private let defaultInterval: Int
    private let clients: ClientDirectory
    private let timers: Timers
    private let wallClock: WallClock
    /// By their interval, milliseconds.
    private var groups: [Int: Group] = [:]
    /// What each client is sent, milliseconds.
    private(set) var intervals: [ClientID: Int] = [:]

    private struct Group {
        let subscription: SubscriptionID
        var clients: Set<ClientID> = []
    }

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
        guard let interval = intervals.removeValue(forKey: client), var group = groups[interval] else { return }
        group.clients.remove(client)
        guard group.clients.isEmpty else {
            groups[interval] = group
            return
        }
        groups[interval] = nil
        timers.cancel(.metrics(every: interval))
        engine.unsubscribe(group.subscription)
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
        for client in Array(intervals.keys) {
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
        guard intervals[client] != interval else { return }
        forget(client)
        intervals[client] = interval
        if groups[interval] == nil {
            groups[interval] = Group(subscription: engine.subscribe())
            timers.every(.milliseconds(interval), .metrics(every: interval)) { [unowned self] in send(every: interval) }
        }
        groups[interval]?.clients.insert(client)
    }

    private func unsubscribe(_ request: DebugUnsubscribe, from author: Author) -> Acknowledgement {
        forget(author.client)
        return Acknowledgement(of: DebugUnsubscribe.type)
    }

    /// Sends the figures since the last time; nothing while the simulation does not run.
    private func send(every interval: Int) {
        guard let group = groups[interval], let metrics = engine.metrics(for: group.subscription),
            let text = clients.text(of: DebugMetrics(metrics, at: wallClock.milliseconds()))
        else { return }
        for client in group.clients {
            clients.send(text: text, to: client, priority: .meter)
        }
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
