import AudioEngine
import ChainModel
import ControlProtocol
import Logging

/// Wires whose samples programs on this machine read.
final class TapsFeature: Feature {
    /// Each is a thread, a region of shared memory and a copy of a wire.
    private static let most = 16

    private let engine: Engine
    private let state: ChainState
    private let logger: Logger
    private var taps: [String: TapServer] = [:]

    init(engine: Engine, state: ChainState, logger: Logger) {
        self.engine = engine
        self.state = state
        self.logger = logger
    }

    func register(on router: inout MessageRouter) {
        router.on(open)
        router.on(close)
    }

    func close() {
        for tap in taps.values { tap.close() }
        taps = [:]
    }

    private func open(_ request: OpenTap, from author: Author) throws -> TapOpened {
        let port = request.port ?? .output
        let point = try point(of: request.instanceId, port)
        taps = taps.filter { !$0.value.hasEnded }
        guard taps.count < Self.most else {
            throw ControlError(.busy, "\(Self.most) taps are open; close one first.")
        }
        let name = "tap_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
        let tap: TapServer
        do {
            tap = try TapServer(name, point, engine: engine, logger: logger)
        } catch {
            throw ControlError(.engine, "The tap cannot be opened: \(error)")
        }
        taps[name] = tap
        return TapOpened(tap: name, instanceId: request.instanceId, port: port)
    }

    private func point(of text: String, _ port: SpectrumSubscribe.Point.Port) throws(ControlError) -> WirePoint {
        let side: WirePoint.Side = port == .input ? .input : .output
        if text == "$io" { return WirePoint(instance: nil, side: side) }
        guard let instance = InstanceID(rawValue: text),
            state.chain.modules.contains(where: { $0.id == instance })
        else {
            throw ControlError(
                .badField, "The chain has no module \"\(text.prefix(80))\"; $io stands for the chain's own ends.",
                field: "instanceId")
        }
        return WirePoint(instance: instance, side: side)
    }

    private func close(_ request: CloseTap, from author: Author) throws -> Acknowledgement {
        guard let tap = taps.removeValue(forKey: request.tap) else {
            throw ControlError(.badField, "No tap is called \"\(request.tap.prefix(80))\".", field: "tap")
        }
        tap.close()
        return Acknowledgement(of: CloseTap.type)
    }
}
