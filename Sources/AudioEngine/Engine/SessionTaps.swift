import CDynamicChain
import ChainModel
import Logging

/// The wires of modules that are watched in one session: taps come and go while the host runs.
struct SessionTaps {
    private let format: HostFormat
    private let logger: Logger
    private var wanted: Set<WirePoint> = []
    private(set) var attached: [WirePoint: WireTap] = [:]
    /// Taps that the host is to be told to let go.
    private var leaving: [WireTap] = []
    /// Taps that the host may still write into until it has reached a position.
    private(set) var detached: [(tap: WireTap, until: UInt64)] = []
    /// Wires for which there was no memory.
    private var failed: Set<WirePoint> = []

    init(format: HostFormat, logger: Logger) {
        self.format = format
        self.logger = logger
    }

    mutating func want(_ points: Set<WirePoint>) {
        wanted = points.filter { $0.instance != nil }
        failed.formIntersection(wanted)
    }

    func drain(hearing heard: Set<WirePoint>) {
        for (point, tap) in attached { tap.drain(isHeard: heard.contains(point)) }
    }

    func takeUnheard() -> [(point: WirePoint, chunk: AudioChunk)] {
        attached.flatMap { point, tap in tap.takeUnheard().map { (point, $0) } }
    }

    /// Events that bring the host's taps to what is wanted of a plan; none when they are already. Once the host has
    /// them, `changed` is to be called.
    ///
    /// - Parameter position: where they take effect.
    mutating func changes(for plan: EnginePlan, at position: UInt64) -> [DynHostEvent] {
        var events: [DynHostEvent] = []
        for (point, tap) in attached
        where !wanted.contains(point) || Self.channels(of: point, in: plan) != tap.tap.channels {
            attached[point] = nil
            leaving.append(tap)
            if let event = Self.event(point, nil, plan, position) { events.append(event) }
        }
        for point in wanted where attached[point] == nil {
            guard let channels = Self.channels(of: point, in: plan), channels > 0 else { continue }
            guard let tap = makeTap(point, channels), let event = Self.event(point, tap, plan, position) else {
                continue
            }
            attached[point] = tap
            events.append(event)
        }
        return events
    }

    /// - Returns: `nil` without memory; the wire is shown as empty, and tried again.
    private mutating func makeTap(_ point: WirePoint, _ channels: Int) -> WireTap? {
        do {
            let tap = try WireTap(channels: channels, frames: Engine.largestSpectrum, format: format)
            failed.remove(point)
            return tap
        } catch {
            if failed.insert(point).inserted {
                logger.warning(
                    "a wire cannot be watched",
                    metadata: ["module": "\(point.instance?.rawValue ?? "")", "reason": "\(error)"])
            }
            return nil
        }
    }

    /// The host has the events of `changes`.
    ///
    /// - Parameter position: of the host, asked for after it got them.
    mutating func changed(_ plan: EnginePlan, position: UInt64) {
        // Due at most a frame later; a module in stage s gets them s frames after that. See `DynHostTap`.
        let until = position + UInt64((plan.stageCount + 2) * format.frameSize)
        detached += leaving.map { ($0, until) }
        leaving = []
    }

    /// Events that give a plan that begins to run the taps of the one before.
    func events(for plan: EnginePlan, at position: UInt64) -> [DynHostEvent] {
        attached.compactMap { Self.event($0.key, $0.value, plan, position) }
    }

    /// Frees what the host, now at a position, no longer writes into.
    mutating func sweep(_ position: UInt64) {
        detached.removeAll { $0.until <= position }
    }

    private static func channels(of point: WirePoint, in plan: EnginePlan) -> Int? {
        guard let instance = point.instance, let module = plan.modules[instance]?.module else { return nil }
        let ports = point.side == .input ? module.inputs : module.outputs
        return ports.reduce(0) { $0 + $1.channels }
    }

    private static func event(
        _ point: WirePoint,
        _ tap: WireTap?,
        _ plan: EnginePlan,
        _ position: UInt64
    ) -> DynHostEvent? {
        guard let instance = point.instance, let module = plan.modules[instance] else { return nil }
        var event = DynHostEvent()
        event.kind = UInt32(DYNHOST_TAP.rawValue)
        event.position = position
        event.handle = module.handle
        event.index = UInt16(point.side == .input ? DYNCHAIN_CAPTURE_INPUT : DYNCHAIN_CAPTURE_OUTPUT)
        event.tap = tap?.tap.target
        return event
    }
}
