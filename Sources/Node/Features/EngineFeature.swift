import AudioEngine
import ChainModel
import ControlProtocol

/// The simulation: started, stopped, given new values and new chains.
final class EngineFeature: Feature {
    private static let watchInterval = Duration.milliseconds(500)
    private static let reportInterval = Duration.seconds(2)

    private let engine: Engine
    private let state: ChainState
    private let audioFiles: AudioFiles
    private let timers: Timers
    private let clients: ClientDirectory
    private let source: SourceDescription
    private let sink: SinkDescription
    /// What plays, or played last: what a start that fails goes back to.
    private(set) var playing: Ends
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
        router.on(simStart, as: .command)
        router.on(simStop, as: .command)
        router.on(setAudioDevice, as: .command)
        router.on(startAudioEngine, as: .command)
        router.on(stopAudioEngine, as: .command)
        router.on { [unowned self] (_: GetAudioEngineStatus, _) in audioEngineStatus }
        router.on { [unowned self] (_: GetThreadAssignments, _) in assignments }
        router.onSlow { [engine] (_: ListAudioDevices, _) in
            {
                try await BlockingWork.devices.run { () throws(ControlError) in
                    AudioDeviceList(devices: try AudioDeviceList.Device.all(of: engine))
                }
            }
        }
    }

    /// Where the sound comes from and goes to.
    typealias Ends = (source: SourceDescription, sink: SinkDescription)

    var isRunning: Bool { engine.isRunning }

    /// Sees that a chain can be played.
    func check(_ setup: ChainSetup) throws(ControlError) {
        do {
            try engine.check(setup)
        } catch {
            throw ControlError(engine: error)
        }
    }

    /// Plays again what played before, from where it was; when that cannot be, the clients are told.
    func resume(_ ends: Ends, at transport: Transport?) {
        playing = ends
        goBack(to: transport)
    }

    /// Where the source is; nil while nothing plays.
    var transport: Transport? { engine.transport }

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
    /// - Returns: how it was heard; nil while the simulation does not run: then the chain is only built to see that it
    ///   can be.
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

    private func simStart(_ request: SimStart, from author: Author) throws -> SimStatus {
        let source = try request.input.map(source(of:)) ?? source
        let sink = try request.output.map(sink(of:)) ?? sink
        if case .file(let read, _, _) = source, case .file(let written) = sink, read == written {
            throw ControlError(.badFile, "A file cannot be played and written at once.", field: "output.path")
        }
        try restart(source: source, sink: sink)
        let status = SimStatus(running: true)
        clients.broadcast(status, except: author.client)
        clients.broadcast(AudioEngineStarted(deviceName: sink.deviceName))
        changed()
        return status
    }

    /// Plays with these ends instead of the present ones. After a failure what played before plays again.
    private func restart(source: SourceDescription, sink: SinkDescription) throws(ControlError) {
        let wasRunning = engine.isRunning
        let transport = engine.transport
        stop()
        do throws(ControlError) {
            // The same source goes on where it was.
            try start(source: source, sink: sink, resuming: source == playing.source ? transport : nil)
        } catch {
            if wasRunning { goBack(to: transport) }
            throw error
        }
    }

    /// Plays again what played before a start that failed.
    private func goBack(to transport: Transport?) {
        do throws(ControlError) {
            try start(source: playing.source, sink: playing.sink, resuming: transport)
        } catch {
            announceStop()
        }
    }

    private func simStop(_ request: SimStop, from author: Author) -> SimStatus {
        if engine.isRunning {
            stop()
            clients.broadcast(SimStatus(running: false), except: author.client)
            clients.broadcast(AudioEngineStopped())
            changed()
        }
        return SimStatus(running: false)
    }

    private func startAudioEngine(_ request: StartAudioEngine, from author: Author) throws -> AudioEngineStarted {
        let rate = state.link.global.sampleRate
        if let wanted = request.sampleRate?.value, wanted != rate {
            throw ControlError(.badField, "The chain runs at \(rate) Hz, and so does the engine.", field: "sampleRate")
        }
        if !engine.isRunning {
            try start(source: playing.source, sink: playing.sink)
            clients.broadcast(SimStatus(running: true))
            clients.broadcast(AudioEngineStarted(deviceName: playing.sink.deviceName), except: author.client)
            changed()
        }
        return AudioEngineStarted(deviceName: playing.sink.deviceName)
    }

    private func stopAudioEngine(_ request: StopAudioEngine, from author: Author) -> AudioEngineStopped {
        if engine.isRunning {
            stop()
            clients.broadcast(SimStatus(running: false))
            clients.broadcast(AudioEngineStopped(), except: author.client)
            changed()
        }
        return AudioEngineStopped()
    }

    private func setAudioDevice(_ request: SetAudioDevice, from author: Author) throws -> AudioDeviceAck {
        let device = try AudioDeviceList.Device.named(request.deviceId, among: AudioDeviceList.Device.all(of: engine))
        var (source, sink) = playing
        switch device.direction {
        case .input: source = .card(name: device.name, channels: source.channels(onCard: device.name))
        case .output: sink = .card(name: device.name, channels: sink.channels(onCard: device.name))
        }
        if engine.isRunning {
            try restart(source: source, sink: sink)
            clients.broadcast(AudioEngineStarted(deviceName: sink.deviceName))
            changed()
        } else {
            playing = (source, sink)
        }
        return AudioDeviceAck(deviceName: device.name)
    }

    /// Which core runs which module.
    var assignments: ThreadAssignments {
        let setup = state.setup
        return ThreadAssignments(
            cores: setup.coreCount,
            assignments: Dictionary(
                uniqueKeysWithValues: setup.chain.modules.map { ($0.id.rawValue, setup.assignment[$0.id] ?? 0) })
        )
    }

    private var audioEngineStatus: AudioEngineStatus {
        AudioEngineStatus(engine.status(), modules: state.chain.modules.map(\.id.rawValue))
    }

    /// Tells every client the engine's state at an interval, as long as it lives.
    ///
    /// - Parameter report: what else they are to be told then.
    func beginReporting(also report: @escaping () -> Void) {
        timers.every(Self.reportInterval, .engineStatus) { [unowned self] in
            guard clients.count > 0 else { return }
            clients.broadcast(audioEngineStatus, priority: .meter)
            if isRunning { report() }
        }
    }

    /// Stops because of something else than a client's wish.
    func stopAndAnnounce() {
        guard engine.isRunning else { return }
        stop()
        announceStop()
    }

    /// Tells the clients when the engine has stopped by itself, because a device was lost. It says why in the log.
    private func watch() {
        guard !engine.isRunning else { return }
        stop()
        announceStop()
    }

    private func announceStop() {
        clients.broadcast(SimStatus(running: false))
        clients.broadcast(AudioEngineStopped())
        changed()
    }

    private func start(
        source: SourceDescription,
        sink: SinkDescription,
        resuming transport: Transport? = nil
    ) throws(ControlError) {
        do {
            try engine.start(state.setup, source: source, sink: sink, resuming: transport)
        } catch {
            var refusal = ControlError(engine: error)
            refusal.message = audioFiles.withoutDirectory(refusal.message)
            throw refusal
        }
        playing = (source, sink)
        timers.every(Self.watchInterval, .watchEngine) { [unowned self] in watch() }
    }

    private func source(of input: SimStart.Input) throws(ControlError) -> SourceDescription {
        switch input.type {
        case .generator: .generator
        case .silence: .silence
        case .soundcard:
            .card(name: Self.cardName(input.deviceName), channels: try Self.channels(input.channels, .input))
        case .file: try audioFiles.input(named: input.path, loops: input.loop ?? true, field: "input.path")
        }
    }

    private func sink(of output: SimStart.Output) throws(ControlError) -> SinkDescription {
        switch output.type {
        case .none: .none
        case .soundcard:
            .card(name: Self.cardName(output.deviceName), channels: try Self.channels(output.channels, .output))
        case .file: .file(path: try audioFiles.output(named: output.path, field: "output.path"))
        case .browser: .browser
        }
    }

    private static func channels(
        _ numbers: [WholeNumber]?,
        _ direction: AudioDevice.Direction
    ) throws(ControlError) -> CardChannels? {
        guard let numbers else { return nil }
        do {
            return try CardChannels(numbers.map(\.value), of: direction)
        } catch {
            let message = (error as? EngineError)?.message ?? "\(error)"
            throw ControlError(.outOfRange, "\(message).", field: "\(direction.rawValue).channels")
        }
    }

    /// An empty name is the default card, as in the document's messages.
    private static func cardName(_ name: String?) -> String? {
        name == "" ? nil : name
    }
}

extension SourceDescription {
    /// The channels chosen of a card; another card has none.
    func channels(onCard name: String) -> CardChannels? {
        if case .card(name, let channels) = self { channels } else { nil }
    }
}

extension SinkDescription {
    /// The channels chosen of a card; another card has none.
    func channels(onCard name: String) -> CardChannels? {
        if case .card(name, let channels) = self { channels } else { nil }
    }

    /// What clients are shown as the device that plays.
    var deviceName: String {
        switch self {
        case .none: "none"
        case .browser: "browser"
        case .file(let path): String(path.split(separator: "/").last ?? "")
        case .card(let name, _): name ?? "default"
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
