import ChainModel
import ControlProtocol
import Storage

/// The features of a running node, each made from what it needs of the others.
final class NodeFeatures {
    let session: SessionFeature
    let parameters: ParametersFeature
    let history: HistoryFeature
    let chain: ChainFeature
    let engine: EngineFeature
    let presets: PresetsFeature
    let profiles: ProfilesFeature
    let debug: DebugFeature
    let log: LogFeature
    let library: ModuleLibrary

    init(
        _ given: RunningNode.Surroundings,
        directory: DataDirectory,
        state: ChainState,
        engine: EngineFeature,
        ledger: ChangeLedger,
        journal: Journal,
        chainFile: ChainFile,
        flattener: ChainFlattener,
        timers: Timers,
        clients: ClientDirectory
    ) {
        let logger = given.logger
        let files = PresetFiles(directory: directory.url)
        let session = SessionFeature(state: state, engine: engine, clients: clients, wallClock: given.wallClock)
        self.session = session
        self.engine = engine
        engine.changed = { [unowned session] in session.announceIfChanged() }
        parameters = ParametersFeature(state: state, ledger: ledger, clients: clients)
        chain = ChainFeature(
            state: state,
            engine: engine,
            session: session,
            ledger: ledger,
            file: chainFile,
            flattener: flattener,
            clients: clients,
            logger: logger
        )
        history = HistoryFeature(state: state, ledger: ledger, journal: journal, chain: chain, clients: clients)
        presets = PresetsFeature(
            state: state,
            parameters: parameters,
            ledger: ledger,
            files: files,
            clients: clients,
            logger: logger
        )
        profiles = ProfilesFeature(
            state: state,
            parameters: parameters,
            presets: presets,
            ledger: ledger,
            files: files,
            clients: clients,
            logger: logger
        )
        debug = DebugFeature(
            engine: given.engine,
            defaultInterval: given.configuration.metricsInterval,
            clients: clients,
            timers: timers,
            wallClock: given.wallClock
        )
        log = LogFeature(clients: clients, capacity: given.configuration.keptLogLines)
        library = flattener.library
    }

    /// A router with the handlers of all features.
    func router() -> MessageRouter {
        var router = MessageRouter()
        for feature in [session, parameters, history, chain, engine, presets, profiles, debug] as [any Feature] {
            feature.register(on: &router)
        }
        return router
    }
}
