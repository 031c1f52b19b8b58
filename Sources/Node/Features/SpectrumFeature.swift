import AudioEngine
import ChainModel
import ControlProtocol
import Logging

/// Spectra of wires, sent to each client that asked, at the interval that it asked for.
///
/// What a client asks for is computed away from the node's actor; while one answer is being made, the next is not
/// begun.
final class SpectrumFeature: Feature {
    private static let intervals = 33...1000
    private static let sizes = 1024...Engine.largestSpectrum
    private static let defaultInterval = 50
    private static let defaultSize = 8192
    private static let mostPoints = 16
    private static let channels = 0...1023
    /// Of all clients together: what a wire carried lately is kept, up to 12 MB of it.
    private static let mostWires = 64

    private let engine: Engine
    private let clients: ClientDirectory
    private let timers: Timers
    private let wallClock: WallClock
    private let logger: Logger
    /// What each client asked for.
    private(set) var requests: [ClientID: SpectrumSubscribe] = [:]
    private var work: [ClientID: SpectrumWork] = [:]

    init(engine: Engine, clients: ClientDirectory, timers: Timers, wallClock: WallClock, logger: Logger) {
        self.engine = engine
        self.clients = clients
        self.timers = timers
        self.wallClock = wallClock
        self.logger = logger
    }

    func register(on router: inout MessageRouter) {
        router.on(subscribe)
        router.on(unsubscribe)
    }

    /// Ends what a client that has gone had asked for.
    func forget(_ client: ClientID) {
        requests[client] = nil
        timers.cancel(.spectra(client))
        guard let work = work.removeValue(forKey: client) else { return }
        work.end()
        engine.unwatch(work.subscription)
    }

    /// Takes up what clients had asked for before.
    func restore(_ requests: [ClientID: SpectrumSubscribe]) {
        for (client, request) in requests {
            // It was taken once.
            try? begin(request, for: client)
        }
    }

    func close() {
        for client in Array(requests.keys) {
            forget(client)
        }
    }

    private func subscribe(_ request: SpectrumSubscribe, from author: Author) throws -> Acknowledgement {
        try begin(request, for: author.client)
        return Acknowledgement(of: SpectrumSubscribe.type)
    }

    private func unsubscribe(_ request: SpectrumUnsubscribe, from author: Author) -> Acknowledgement {
        forget(author.client)
        return Acknowledgement(of: SpectrumUnsubscribe.type)
    }

    private func begin(_ request: SpectrumSubscribe, for client: ClientID) throws(ControlError) {
        guard request.points.count <= Self.mostPoints else {
            throw ControlError(.badField, "At most \(Self.mostPoints) wires can be watched.", field: "points")
        }
        let size = request.size?.value ?? Self.defaultSize
        guard Self.sizes.contains(size), size & (size - 1) == 0 else {
            throw ControlError(
                .outOfRange, "A size is a power of two from \(Self.sizes.lowerBound) to \(Self.sizes.upperBound).",
                field: "size")
        }
        var wires: [WirePoint] = []
        for (index, point) in request.points.enumerated() {
            wires.append(try Self.wire(point, field: "points[\(index)]"))
        }
        let others = work.filter { $0.key != client }.reduce(into: Set<WirePoint>()) { $0.formUnion($1.value.wires) }
        guard others.union(wires).count <= Self.mostWires else {
            throw ControlError(.busy, "\(Self.mostWires) wires are watched already.", field: "points")
        }
        let wanted = request.intervalMs?.value ?? Self.defaultInterval
        let interval = min(max(wanted, Self.intervals.lowerBound), Self.intervals.upperBound)
        forget(client)
        requests[client] = request
        guard !wires.isEmpty, let connection = clients.connection(client) else { return }
        let work = SpectrumWork(
            engine: engine,
            subscription: engine.watch(Set(wires)),
            points: Array(zip(request.points, wires)),
            size: size,
            connection: connection,
            logger: logger
        )
        self.work[client] = work
        timers.every(.milliseconds(interval), .spectra(client)) { [wallClock] in
            work.run(at: wallClock.milliseconds())
        }
    }

    private static func wire(_ point: SpectrumSubscribe.Point, field: String) throws(ControlError) -> WirePoint {
        if let channel = point.channel?.value, !channels.contains(channel) {
            throw ControlError(
                .outOfRange, "A channel is a number from 0 to \(channels.upperBound).", field: "\(field).channel")
        }
        let side: WirePoint.Side = point.port == .input ? .input : .output
        if point.instanceId == "$io" { return WirePoint(instance: nil, side: side) }
        guard let instance = InstanceID(rawValue: point.instanceId) else {
            throw ControlError(
                .badField, "\"\(point.instanceId.prefix(80))\" is no instance id such as gain#1, and not $io.",
                field: "\(field).instanceId")
        }
        return WirePoint(instance: instance, side: side)
    }
}
