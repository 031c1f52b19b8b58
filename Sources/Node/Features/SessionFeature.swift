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
            mode: .chainBuilder,
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

    private func ping(_ request: Ping, from client: ClientID) -> Pong {
        Pong(timestamp: wallClock.milliseconds())
    }

    private func getStatus(_ request: GetStatus, from client: ClientID) -> DspStatus {
        status
    }
}
