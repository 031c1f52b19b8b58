import AudioEngine
import ChainModel
import ControlProtocol
import Logging
import Storage

/// A node from start to stop: the state it has taken over from disk, and the features that work on it.
///
/// Lives on the node's actor.
final class RunningNode {
    /// Kept for its lock.
    private let directory: DataDirectory
    private let state: ChainState
    private let keeper: ParameterKeeper
    private let timers: Timers
    private let clients: ClientDirectory
    private let router: MessageRouter
    private let engine: EngineFeature
    private let session: SessionFeature
    private let debug: DebugFeature
    private let log: LogFeature
    private let library: ModuleLibrary
    private let logger: Logger

    /// What it is given by the node.
    struct Surroundings {
        let configuration: NodeConfiguration
        let engine: Engine
        let clock: any Clock<Duration>
        let wallClock: WallClock
        let logger: Logger
        /// Log lines that late clients still get.
        let keptLogLines: Int
        /// Hops to the actor and hands a due timer to `fire`.
        let wake: @Sendable (Timers.Wake) async -> Void
    }

    /// Takes the data directory and makes the features. The simulation does not run yet.
    init(_ given: Surroundings) throws(NodeStartError) {
        let configuration = given.configuration
        let logger = given.logger
        let directory = try DataDirectory(opening: configuration.dataDirectory)
        let flattener = ChainFlattener()
        let parameterFile = ParameterSnapshotFile(directory: directory.url)
        let chainFile = ChainFile(store: LinkStore(directory: directory.url))
        let state = try StateLoader(
            chainFile: chainFile,
            assignmentFile: CoreAssignmentFile(directory: directory.url),
            parameterFile: parameterFile,
            flattener: flattener,
            logger: logger
        ).load(coreCount: configuration.cores)

        let timers = Timers(clock: given.clock, wake: given.wake)
        let clients = ClientDirectory(logger: logger)
        let keeper = ParameterKeeper(state: state, file: parameterFile, timers: timers, logger: logger)
        let engine = EngineFeature(
            engine: given.engine,
            state: state,
            audioFiles: AudioFiles(directory: directory.audio, source: configuration.source, sink: configuration.sink),
            source: configuration.source,
            sink: configuration.sink,
            timers: timers,
            clients: clients
        )
        let session = SessionFeature(state: state, engine: engine, clients: clients, wallClock: given.wallClock)
        let debug = DebugFeature(engine: given.engine, clients: clients, timers: timers, wallClock: given.wallClock)
        let parameters = ParametersFeature(state: state, engine: engine, keeper: keeper, clients: clients)
        let chain = ChainFeature(
            state: state,
            engine: engine,
            session: session,
            keeper: keeper,
            file: chainFile,
            flattener: flattener,
            clients: clients,
            logger: logger
        )
        engine.changed = { [unowned session] in session.announceIfChanged() }

        var router = MessageRouter()
        for feature in [session, parameters, chain, engine, debug] as [any Feature] {
            feature.register(on: &router)
        }

        self.directory = directory
        library = flattener.library
        self.state = state
        self.keeper = keeper
        self.timers = timers
        self.clients = clients
        self.router = router
        self.engine = engine
        self.session = session
        self.debug = debug
        self.log = LogFeature(clients: clients, capacity: given.keptLogLines)
        self.logger = logger
        session.announceIfChanged()
    }

    /// Wire names of all requests that have a handler.
    var handledTypes: Set<String> { router.types }

    /// Starts the simulation with the configured ends. A failure is logged and leaves a node that works without sound.
    func startSimulation() {
        do throws(ControlError) {
            try engine.startAsConfigured()
        } catch {
            logger.error("The simulation could not be started.", metadata: ["error": "\(error.message)"])
        }
        session.announceIfChanged()
    }

    func connect(_ client: any ClientConnection) {
        clients.add(client)
        clients.send(session.status, to: client.id)
        log.replay(to: client.id)
        logger.debug("A client has connected.", metadata: ["client": "\(client.id)"])
    }

    func disconnect(_ id: ClientID) {
        debug.forget(id)
        clients.remove(id)
        logger.debug("A client has gone.", metadata: ["client": "\(id)"])
    }

    /// Answers one message.
    func take(_ incoming: IncomingMessage, from client: ClientID) {
        guard clients.contains(client) else { return }
        do {
            let request = try incoming.request.get()
            let text = try router.answer(request, from: client, requestID: incoming.requestID)
            clients.send(text: text, to: client, priority: .acknowledgement)
        } catch let error as ControlError {
            clients.refuse(error, requestID: incoming.requestID, to: client)
        } catch {
            logger.error("A message could not be handled.", metadata: ["client": "\(client)", "error": "\(error)"])
            let fault = ControlError(.internalError, "The node could not handle the message: \(error)")
            clients.refuse(fault, requestID: incoming.requestID, to: client)
        }
    }

    func fire(_ due: Timers.Wake) {
        timers.fire(due)
    }

    func publish(_ line: LogLine) {
        log.publish(line)
    }

    func status() -> NodeStatus {
        let dsp = session.status
        return NodeStatus(
            status: "ok",
            clients: clients.count,
            version: ProductVersion.current,
            dsp: dsp,
            simRunning: dsp.simRunning,
            mode: dsp.mode,
            paramCount: state.parameters.count
        )
    }

    func link() -> LinkConfig {
        state.link
    }

    func debugMetrics() -> DebugMetrics? {
        debug.snapshot()
    }

    func moduleLibrary() -> ModuleLibraryMessage {
        ModuleLibraryMessage(library: library)
    }

    func presetList(of instanceId: String) throws(ControlError) -> PresetList {
        PresetList(instanceId: instanceId, presets: [], loaded: nil, changed: nil)
    }

    func profileList() throws(ControlError) -> ProfileList {
        ProfileList(profiles: [])
    }

    func figures() -> NodeFigures {
        NodeFigures(
            clients: clients.count,
            requests: [:],
            refusals: 0,
            parameters: state.parameters.count,
            engine: engine.status,
            metrics: engine.metrics,
            journal: JournalFigures()
        )
    }

    /// Ends timers and sound.
    ///
    /// - Returns: the last write of the parameters, to be awaited before this is let go.
    func close() -> Task<Void, Never> {
        debug.close()
        engine.stop()
        timers.cancelAll()
        return keeper.write()
    }
}
