import AudioEngine
import ControlProtocol

/// What plays, where it is, and which files could play.
final class TransportFeature: Feature {
    let files: AudioFiles
    private let engine: EngineFeature
    private let audio: Engine
    private let clients: ClientDirectory
    private let wallClock: WallClock
    private let announceFiles: @Sendable () async -> Void

    init(
        engine: EngineFeature,
        audio: Engine,
        audioFiles: AudioFiles,
        clients: ClientDirectory,
        wallClock: WallClock,
        announceFiles: @escaping @Sendable () async -> Void
    ) {
        self.engine = engine
        self.audio = audio
        files = audioFiles
        self.clients = clients
        self.wallClock = wallClock
        self.announceFiles = announceFiles
    }

    func register(on router: inout MessageRouter) {
        router.on { [unowned self] (_: GetTransport, _) in status }
        router.on(setTransport, as: .command)
        router.on(deleteAudioFile, as: .command)
        router.onSlow { [files] (_: ListAudioFiles, _) in
            { AudioFileList(files: await BlockingWork.files.run { files.list() }) }
        }
    }

    var status: TransportStatus {
        let transport = audio.transport
        let (source, sink) = engine.playing
        return TransportStatus(
            input: files.input(of: source),
            output: files.output(of: sink),
            running: transport != nil,
            pausable: transport?.canPause ?? false,
            seekable: transport?.isSeekable ?? false,
            playing: transport?.isPlaying ?? false,
            loop: transport?.loops ?? source.loops,
            positionMs: (transport?.position ?? 0) * 1000,
            durationMs: (transport?.duration ?? 0) * 1000,
            ended: transport?.hasEnded ?? false,
            timestamp: wallClock.milliseconds()
        )
    }

    func announce(except client: ClientID? = nil, priority: MessagePriority = .acknowledgement) {
        clients.broadcast(status, except: client, priority: priority)
    }

    private func setTransport(_ request: SetTransport, from author: Author) throws -> TransportStatus {
        if let position = request.positionMs, !position.isFinite {
            throw ControlError(.badField, "A position is a number of milliseconds.", field: "positionMs")
        }
        do {
            try audio.setTransport(
                isPlaying: request.playing,
                position: request.positionMs.map { $0 / 1000 },
                loops: request.loop
            )
        } catch {
            throw ControlError(engine: error)
        }
        announce(except: author.client)
        return status
    }

    private func deleteAudioFile(_ request: DeleteAudioFile, from author: Author) throws -> Acknowledgement {
        let used = [engine.playing.source.path, engine.playing.sink.path].compactMap { $0.map(files.shown) }
        if engine.isRunning, used.contains(request.name) {
            throw ControlError(.busy, "\"\(request.name)\" is in use. Choose another one first.", field: "name")
        }
        try files.remove(named: request.name, field: "name")
        Task { [announceFiles] in await announceFiles() }
        return Acknowledgement(of: DeleteAudioFile.type)
    }
}

extension SourceDescription {
    var path: String? {
        if case .file(let path, _, _) = self { path } else { nil }
    }

    var loops: Bool {
        if case .file(_, let loops, _) = self { loops } else { true }
    }
}

extension SinkDescription {
    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }
}
