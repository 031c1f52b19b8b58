import AudioEngine
import ChainModel
import ControlProtocol

/// The simulation: started, stopped, given new values and new chains.
final class EngineFeature: Feature {
    private static let watchInterval = Duration.milliseconds(500)

    private let engine: Engine
    private let state: ChainState
    private let audioFiles: AudioFiles
    private let timers: Timers
    private let clients: ClientDirectory
    private let source: SourceDescription
    private let sink: SinkDescription
    /// What plays, or played last: what a start that fails goes back to.
    private var playing: (source: SourceDescription, sink: SinkDescription)
    /// Called after a client has started or stopped the simulation.
    var changed: () -> Void = {}

    /// - Parameters:
    ///   - source: used when a request names none.
    ///   - sink: used when a request names none.
    init(
        engine: Engine,
        state: ChainState,
        audioFiles: AudioFiles,
        source: SourceDescription,
        sink: SinkDescription,
        timers: Timers,
        clients: ClientDirectory
    ) {
        self.engine = engine
        self.state = state
        self.audioFiles = audioFiles
        self.source = source
        self.sink = sink
        playing = (source, sink)
        self.timers = timers
        self.clients = clients
    }

    func register(on router: inout MessageRouter) {
        router.on(simStart)
        router.on(simStop)
    }

    var isRunning: Bool { engine.isRunning }

    var status: EngineStatus { engine.status() }

    /// Nil while the simulation does not run.
    var metrics: EngineMetrics? { engine.metrics() }

    /// Starts with the configured ends.
    func startAsConfigured() throws(ControlError) {
        try start(source: source, sink: sink)
    }

    /// Fades the sound out and ends what is left of an engine that stopped by itself.
    func stop() {
        timers.cancel(.watchEngine)
        engine.stop()
    }

    /// Hands values to the running engine as one change. Without a running engine there is nothing to do: a start takes
    /// the stored values.
    func set(_ assignments: [ParameterAssignment]) throws(ControlError) {
        guard engine.isRunning, !assignments.isEmpty else { return }
        do {
            try engine.set(assignments)
        } catch {
            throw ControlError(engine: error)
        }
    }

    /// Lets the running engine go over to another chain.
    ///
    /// - Returns: how it was heard; nil while the simulation does not run: then the chain is only built to see that it can
    ///   be.
    func swap(to setup: ChainSetup) throws(ControlError) -> WriteLinkAck.Transition? {
        do {
            guard engine.isRunning else {
                try engine.check(setup)
                return nil
            }
            switch try engine.swap(to: setup) {
            case .crossfade: return .crossfade
            case .dip: return .dip
            case .restart: return .restart
            }
        } catch {
            throw ControlError(engine: error)
        }
    }

    private func simStart(_ request: SimStart, from client: ClientID) throws -> SimStatus {
        let source = try request.input.map(source(of:)) ?? source
        let sink = try request.output.map(sink(of:)) ?? sink
        if case .file(let read, _) = source, case .file(let written) = sink, read == written {
            throw ControlError(.badFile, "A file cannot be played and written at once.", field: "output.path")
        }
        let wasRunning = engine.isRunning
        stop()
        do throws(ControlError) {
            try start(source: source, sink: sink)
        } catch {
            if wasRunning { goBack() }
            throw error
        }
        let status = SimStatus(running: true)
        clients.broadcast(status, except: client)
        clients.broadcast(AudioEngineStarted(deviceName: sink.deviceName))
        changed()
        return status
    }

    /// Plays again what played before a start that failed.
    private func goBack() {
        do throws(ControlError) {
            try start(source: playing.source, sink: playing.sink)
        } catch {
            announceStop(except: nil)
        }
    }

    private func simStop(_ request: SimStop, from client: ClientID) -> SimStatus {
        if engine.isRunning {
            stop()
            announceStop(except: client)
        }
        return SimStatus(running: false)
    }

    /// Tells the clients when the engine has stopped by itself, because a device was lost. It says why in the log.
    private func watch() {
        guard !engine.isRunning else { return }
        stop()
        announceStop(except: nil)
    }

    private func announceStop(except client: ClientID?) {
        clients.broadcast(SimStatus(running: false), except: client)
        clients.broadcast(AudioEngineStopped())
        changed()
    }

    private func start(source: SourceDescription, sink: SinkDescription) throws(ControlError) {
        do {
            try engine.start(state.setup, source: source, sink: sink)
        } catch {
            throw ControlError(engine: error)
        }
        playing = (source, sink)
        timers.every(Self.watchInterval, .watchEngine) { [unowned self] in watch() }
    }

    private func source(of input: SimStart.Input) throws(ControlError) -> SourceDescription {
        switch input.type {
        case .generator: .generator
        case .silence: .silence
        case .soundcard: .card(name: Self.cardName(input.deviceName))
        case .file: .file(path: try audioFiles.input(named: input.path, field: "input.path"), loops: input.loop ?? true)
        }
    }

    private func sink(of output: SimStart.Output) throws(ControlError) -> SinkDescription {
        switch output.type {
        case .none: .none
        case .soundcard: .card(name: Self.cardName(output.deviceName))
        case .file: .file(path: try audioFiles.output(named: output.path, field: "output.path"))
        case .browser:
            throw ControlError(.unsupported, "This node does not play to the browser.", field: "output.type")
        }
    }

    /// An empty name is the default card, as in the document's messages.
    private static func cardName(_ name: String?) -> String? {
        name == "" ? nil : name
    }
}

extension SinkDescription {
    /// What clients are shown as the device that plays.
    var deviceName: String {
        switch self {
        case .none: "none"
        case .file(let path): String(path.split(separator: "/").last ?? "")
        case .card(let name): name ?? "default"
        }
    }
}

extension ControlError {
    /// What the engine said.
    init(engine error: any Error) {
        let cause = error as? EngineError
        self.init(cause?.code == .busy ? .busy : .engine, cause?.message ?? "\(error)")
    }
}
