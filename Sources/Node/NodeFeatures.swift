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
    let output: OutputFeature
    let transport: TransportFeature
    let compare: CompareFeature
    let spectra: SpectrumFeature
    let log: LogFeature
    let taps: TapsFeature
    let extensions: ExtensionsFeature
    let library: ModuleLibrary

    init(
        _ given: RunningNode.Surroundings,
        directory: DataDirectory,
        audioFiles: AudioFiles,
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
        let output = OutputFeature(engine: given.engine, clients: clients)
        self.output = output
        let transport = TransportFeature(
            engine: engine,
            audio: given.engine,
            audioFiles: audioFiles,
            clients: clients,
            wallClock: given.wallClock,
            announceFiles: given.announceAudioFiles
        )
        self.transport = transport
        engine.changed = { [unowned session, unowned output, unowned transport] in
            session.announceIfChanged()
            output.announceIfChanged()
            transport.announce()
        }
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
        compare = CompareFeature(
            state: state,
            parameters: parameters,
            ledger: ledger,
            engine: given.engine,
            output: output,
            clients: clients
        )
        history = HistoryFeature(
            state: state,
            ledger: ledger,
            journal: journal,
            chain: chain,
            compare: compare,
            clients: clients
        )
        spectra = SpectrumFeature(
            engine: given.engine,
            clients: clients,
            timers: timers,
            wallClock: given.wallClock,
            logger: logger
        )
        debug = DebugFeature(
            engine: given.engine,
            defaultInterval: given.configuration.metricsInterval,
            clients: clients,
            timers: timers,
            wallClock: given.wallClock
        )
        taps = TapsFeature(
            engine: given.engine, state: state, patience: given.configuration.tapPatience, logger: logger)
        extensions = ExtensionsFeature(host: given.extensions, clients: clients)
        log = LogFeature(clients: clients, capacity: given.configuration.keptLogLines)
        library = flattener.library
    }

    /// A router with the handlers of all features.
    func router() -> MessageRouter {
        var router = MessageRouter()
        let features: [any Feature] = [
            session, parameters, history, chain, engine, output, transport, presets, profiles, compare, debug, spectra,
            taps, extensions,
        ]
        for feature in features {
            feature.register(on: &router)
        }
        return router
    }
}
