import AudioEngine
import ChainModel
import ControlProtocol
import Logging
import SoundpostChannels

/// Wires whose samples programs on this machine read.
final class TapsFeature: Feature {
    /// Each is a thread, a region of shared memory and a copy of a wire.
    private static let most = 16

    private let engine: Engine
    private let state: ChainState
    private let patience: Duration
    private let logger: Logger
    private let taps = TapRegistry()

    /// - Parameter patience: how long a tap waits for its reader.
    init(engine: Engine, state: ChainState, patience: Duration, logger: Logger) {
        self.engine = engine
        self.state = state
        self.patience = patience
        self.logger = logger
    }

    func register(on router: inout MessageRouter) {
        router.on(preparing: prepare, open)
        router.on(close)
    }

    /// Begins to close all; ``BlockingWork/taps`` does it.
    func close() {
        let open = taps.removeAll()
        BlockingWork.taps.start { for tap in open { tap.close() } }
    }

    var figures: [ChannelFigures] { taps.all.map(\.figures) }

    /// How many are open.
    var count: Int { taps.count }

    /// The place where the reader comes is made away from the node's actor: other programs may hold the directory's
    /// lock.
    private func prepare(_ request: OpenTap) throws -> (@Sendable () async -> Result<SharedMemoryServer, ChannelError>)?
    {
        _ = try point(of: request.instanceId, request.port ?? .output)
        try checkRoom()
        return {
            await BlockingWork.taps.run { Result { () throws(ChannelError) in try TapServer.open() } }
        }
    }

    private func open(
        _ request: OpenTap, _ server: Result<SharedMemoryServer, ChannelError>?, from author: Author
    ) throws -> TapOpened {
        let port = request.port ?? .output
        let point: WirePoint
        do {
            point = try self.point(of: request.instanceId, port)
            try checkRoom()
        } catch {
            // The chain has changed meanwhile, or the last place was taken.
            if case .success(let server) = server { BlockingWork.taps.start { server.close() } }
            throw error
        }
        let tap: TapServer
        switch server {
        case .success(let server): tap = TapServer(server, point, logger: logger)
        case .failure(let error): throw ControlError(.engine, "The tap cannot be opened: \(error)")
        case nil: throw ControlError(.internalError, "The tap was not prepared.")
        }
        taps.add(tap)
        tap.start(engine, patience: patience) { [taps, name = tap.name] in taps.remove(name) }
        return TapOpened(tap: tap.name, instanceId: request.instanceId, port: port)
    }

    private func checkRoom() throws(ControlError) {
        guard taps.count < Self.most else {
            throw ControlError(.busy, "\(Self.most) taps are open; close one first.")
        }
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
        guard let tap = taps.remove(request.tap) else {
            throw ControlError(.badField, "No tap is called \"\(request.tap.prefix(80))\".", field: "tap")
        }
        BlockingWork.taps.start { tap.close() }
        return Acknowledgement(of: CloseTap.type)
    }
}
