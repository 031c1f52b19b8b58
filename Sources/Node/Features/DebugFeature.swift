import AudioEngine
import ChainModel
import ControlProtocol

/// What clients that get the same figures have asked for.
struct MeasurementGroup: Hashable, Sendable {
    /// Milliseconds.
    let interval: Int
    /// Nil for all.
    let modules: Set<InstanceID>?
}

/// Load and levels, sent to each client that asked, at the interval and of the modules that it asked for. Clients that
/// asked for the same get the same text: it is made once, however many there are.
final class DebugFeature: Feature {
    /// What a client may ask for, milliseconds.
    static let intervals = 50...10_000
    private static let mostModules = 4096

    private let engine: Engine
    /// For clients that name none, milliseconds.
    private let defaultInterval: Int
    private let clients: ClientDirectory
    private let timers: Timers
    private let wallClock: WallClock
    private var groups: [MeasurementGroup: Group] = [:]
    /// What each client is sent.
    private(set) var subscriptions: [ClientID: MeasurementGroup] = [:]

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
        guard let wanted = subscriptions.removeValue(forKey: client), var group = groups[wanted] else { return }
        group.clients.remove(client)
        guard group.clients.isEmpty else {
            groups[wanted] = group
            return
        }
        groups[wanted] = nil
        timers.cancel(.metrics(wanted))
        engine.unsubscribe(group.subscription)
    }

    /// The figures now, without levels; nil while the simulation does not run.
    func snapshot() -> DebugMetrics? {
        engine.metrics().map { DebugMetrics($0, at: wallClock.milliseconds()) }
    }

    /// Takes up what clients had asked for before.
    func restore(_ subscriptions: [ClientID: MeasurementGroup]) {
        for (client, wanted) in subscriptions {
            begin(client, wanted)
        }
    }

    /// Ends all subscriptions.
    func close() {
        for client in Array(subscriptions.keys) {
            forget(client)
        }
    }

    private func subscribe(_ request: DebugSubscribe, from author: Author) throws -> Acknowledgement {
        let client = author.client
        let wanted = request.intervalMs?.value ?? defaultInterval
        let interval = min(max(wanted, Self.intervals.lowerBound), Self.intervals.upperBound)
        guard request.modules?.count ?? 0 <= Self.mostModules else {
            throw ControlError(.badField, "At most \(Self.mostModules) modules can be named.", field: "modules")
        }
        let modules = try request.modules?.map { text throws(ControlError) in
            guard let id = InstanceID(rawValue: text) else {
                throw ControlError(
                    .badField, "\"\(text.prefix(80))\" is no instance id such as gain#1.", field: "modules")
            }
            return id
        }
        begin(client, MeasurementGroup(interval: interval, modules: modules.map(Set.init)))
        return Acknowledgement(of: DebugSubscribe.type)
    }

    private func begin(_ client: ClientID, _ wanted: MeasurementGroup) {
        guard subscriptions[client] != wanted else { return }
        forget(client)
        subscriptions[client] = wanted
        if groups[wanted] == nil {
            groups[wanted] = Group(subscription: engine.subscribe(modules: wanted.modules))
            timers.every(.milliseconds(wanted.interval), .metrics(wanted)) { [unowned self] in send(wanted) }
        }
        groups[wanted]?.clients.insert(client)
    }

    private func unsubscribe(_ request: DebugUnsubscribe, from author: Author) -> Acknowledgement {
        forget(author.client)
        return Acknowledgement(of: DebugUnsubscribe.type)
    }

    /// Sends the figures since the last time; nothing while the simulation does not run.
    private func send(_ wanted: MeasurementGroup) {
        guard let group = groups[wanted], let metrics = engine.metrics(for: group.subscription),
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
            coreLoads: metrics.cores.map(\.loadPercent),
            inputRmsDb: metrics.input.rmsDb,
            inputPeakDb: metrics.input.peakDb,
            outputRmsDb: metrics.output.rmsDb,
            outputPeakDb: metrics.output.peakDb,
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
