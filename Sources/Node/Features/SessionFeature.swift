import ChainModel
import ControlProtocol

/// The node as a whole: signs of life and status.
final class SessionFeature: Feature {
    private let state: ChainState
    private let engine: EngineFeature
    private let clients: ClientDirectory
    private let wallClock: WallClock
    /// What the clients were told last.
    private var announced: DspStatus?

    init(state: ChainState, engine: EngineFeature, clients: ClientDirectory, wallClock: WallClock) {
        self.state = state
        self.engine = engine
        self.clients = clients
        self.wallClock = wallClock
    }

    func register(on router: inout MessageRouter) {
        router.on(ping)
        router.on(getStatus)
        router.on(setMode, as: .command)
    }

    /// The present status. Devices come with their own feature; until then there are none.
    var status: DspStatus {
        DspStatus(
            connected: false,
            protocol: "none",
            target: "",
            sampleRate: state.link.global.sampleRate,
            channels: state.link.global.channels,
            simRunning: engine.isRunning,
            mode: state.mode,
            devices: []
        )
    }

    /// Tells all clients the status if it differs from what they know.
    func announceIfChanged() {
        let status = status
        guard status != announced else { return }
        announced = status
        clients.broadcast(status)
    }

    private func ping(_ request: Ping, from author: Author) -> Pong {
        Pong(timestamp: wallClock.milliseconds())
    }

    private func setMode(_ request: SetMode, from author: Author) -> ModeChanged {
        let changed = ModeChanged(mode: request.mode)
        guard request.mode != state.mode else { return changed }
        state.mode = request.mode
        if request.mode == .legacy { engine.stopAndAnnounce() }
        clients.broadcast(changed, except: author.client)
        announceIfChanged()
        return changed
    }

    private func getStatus(_ request: GetStatus, from author: Author) -> DspStatus {
        status
    }
}
