import AudioEngine
import ChainModel
import ControlProtocol
import Extensions
import Logging
import Storage

/// A node from start to stop: the state it has taken over from disk, and the features that work on it.
///
/// Lives on the node's actor.
final class RunningNode {
    let state: ChainState
    let ledger: ChangeLedger
    let clients: ClientDirectory
    let logger: Logger
    let trail: AuditTrail
    let features: NodeFeatures
    /// Kept for its lock.
    let directory: DataDirectory
    private let journal: Journal
    private let timers: Timers
    private let router: MessageRouter
    private var outbox = Outbox()
    private var counts: [String: UInt64] = [:]
    private var refusals: UInt64 = 0

    /// What it is given by the node.
    struct Surroundings {
        let configuration: NodeConfiguration
        let engine: Engine
        let extensions: ExtensionHost
        let clock: any Clock<Duration>
        let wallClock: WallClock
        let logger: Logger
        /// Hops to the actor and hands a due timer to `fire`.
        let wake: @Sendable (Timers.Wake) async -> Void
        /// Tells the clients, after a look at the disk, which audio files there are.
        let announceAudioFiles: @Sendable () async -> Void
    }

    /// Committed changes are brought to disk this often: a power cut takes no more.
    private static let synchronizationInterval = Duration.seconds(1)

    /// Takes the data directory and makes the features. The simulation does not run yet.
    ///
    /// - Parameter directory: held already; nil to take the configured one.
    init(_ given: Surroundings, directory held: DataDirectory? = nil) throws(NodeStartError) {
        let configuration = given.configuration
        let directory =
            if let held { held } else { try DataDirectory(opening: configuration.dataDirectory) }
        let journal = try directory.journal(
            historyLimit: configuration.historyLimit,
            isKept: configuration.keepsJournal
        )
        let flattener = ChainFlattener()
        let chainFile = ChainFile(store: LinkStore(directory: directory.url))
        let state = try StateLoader(
            chainFile: chainFile,
            assignmentFile: CoreAssignmentFile(directory: directory.url),
            flattener: flattener,
            logger: given.logger
        ).load(journal, coreCount: configuration.cores)

        logger = given.logger
        self.directory = directory
        self.journal = journal
        self.state = state
        timers = Timers(clock: given.clock, wake: given.wake)
        clients = ClientDirectory(timers: timers, logger: given.logger)
        trail = AuditTrail(
            log: configuration.auditLogMegabytes > 0
                ? AuditLog(directory: directory.url, maximumBytes: configuration.auditLogMegabytes * 1_000_000) : nil,
            wallClock: given.wallClock,
            logger: given.logger
        )
        let audioFiles = AudioFiles(
            directory: directory.audio,
            source: configuration.source,
            sink: configuration.sink
        )
        let engine = EngineFeature(
            engine: given.engine,
            state: state,
            audioFiles: audioFiles,
            source: configuration.source,
            sink: configuration.sink,
            timers: timers,
            clients: clients
        )
        let lastEntry: Int64
        let loadedPresets: [String: String]
        do throws(StorageError) {
            lastEntry = try journal.lastEntry()
            loadedPresets = try journal.loadedPresets()
        } catch {
            throw NodeStartError(.badFile, path: error.path, "The history cannot be read. (\(error))")
        }
        ledger = ChangeLedger(
            journal: journal,
            history: ChangeHistory(lastID: lastEntry),
            state: state,
            engine: engine,
            clients: clients,
            wallClock: given.wallClock,
            logger: given.logger
        )
        features = NodeFeatures(
            given,
            directory: directory,
            audioFiles: audioFiles,
            state: state,
            engine: engine,
            ledger: ledger,
            journal: journal,
            chainFile: chainFile,
            flattener: flattener,
            timers: timers,
            clients: clients
        )
        router = features.router()
        features.presets.restore(loadedPresets)
        ledger.committed = { [unowned features] in features.presets.look(at: $0) }
        engine.beginReporting { [unowned features] in features.transport.announce(priority: .meter) }
        if configuration.keepsJournal {
            timers.every(Self.synchronizationInterval, .synchronizeJournal) { [journal, logger] in
                BlockingWork.journal.start { Self.synchronize(journal, logger) }
            }
        }
        features.session.announceIfChanged()
    }

    /// Wire names of all requests that have a handler.
    var handledTypes: Set<String> { router.types }

    /// Starts the simulation with the configured ends. A failure is logged and leaves a node that works without sound.
    func startSimulation() {
        do throws(ControlError) {
            try features.engine.startAsConfigured()
        } catch {
            logger.error("The simulation could not be started.", metadata: ["error": "\(error.message)"])
        }
        features.session.announceIfChanged()
    }

    func connect(_ client: any ClientConnection) {
        let author = clients.add(client)
        ledger.greet(author)
        clients.send(features.session.status, to: client.id)
        clients.send(features.output.status, to: client.id)
        features.log.replay(to: client.id)
        logger.debug("A client has connected.", metadata: ["client": "\(author.name)", "peer": "\(author.peer)"])
    }

    func disconnect(_ id: ClientID) {
        features.debug.forget(id)
        features.spectra.forget(id)
        features.output.forget(id)
        if let author = clients.author(id) {
            clients.remove(id)
            if !clients.contains(name: author.name) {
                flush()
                ledger.dismiss(author)
            }
        }
        logger.debug("A client has gone.", metadata: ["client": "\(id)"])
    }

    /// What a message still needs.
    enum Taken {
        case done
        /// The answer takes time.
        case unfinished(Inbox.Rest)
        /// The answer takes others' time, and the client goes on meanwhile.
        case aside(MessageRouter.SlowAnswer)
        /// The answer waits for `flush`.
        case uncommitted
    }

    /// Answers one message, or prepares to.
    ///
    /// - Parameters:
    ///   - message: as it came, for the audit log.
    ///   - prepared: what the message's preparation gave, when it needed one.
    func take(
        _ incoming: IncomingMessage,
        _ message: [UInt8],
        _ prepared: (any Sendable)?,
        from client: ClientID
    ) -> Taken {
        guard let author = clients.author(client) else { return .done }
        do {
            let request = try incoming.request.get()
            let type = Swift.type(of: request).type
            if prepared == nil { counts[type, default: 0] += 1 }
            let audited = AuditedMessage(author: author, type: type, message: message)
            let effect = router.effect(of: request)
            if effect != .query, let refusal = ModeRules.refusal(of: type, in: state.mode) {
                flush()
                refusals += 1
                let text = try router.refusal(of: request, because: refusal, requestID: incoming.requestID)
                clients.send(text: text, to: client, priority: .acknowledgement)
                return .done
            }
            if effect == .batched {
                try takeBatched(request, incoming.requestID, audited)
                return .uncommitted
            }
            flush()
            return try takeAlone(request, prepared, incoming.requestID, audited, isCommand: effect == .command)
        } catch let error as ControlError {
            flush()
            refusals += 1
            clients.refuse(error, requestID: incoming.requestID, to: client)
        } catch {
            flush()
            logger.error("A message could not be handled.", metadata: ["client": "\(client)", "error": "\(error)"])
            let fault = ControlError(.internalError, "The node could not handle the message: \(error)")
            clients.refuse(fault, requestID: incoming.requestID, to: client)
        }
        return .done
    }

    /// Commits what waits, and sends the answers and events that waited for it.
    func flush() {
        guard !outbox.isEmpty else { return }
        let items = outbox.takeAll()
        do throws(ControlError) {
            try ledger.commit()
            for item in items {
                clients.send(text: item.answer, to: item.client, priority: .acknowledgement)
                if item.isAccepted { trail.accepted(item.audited) }
            }
            clients.deliver(items.flatMap(\.events))
        } catch {
            refuse(items, because: error)
        }
        trail.flush()
    }

    func fire(_ due: Timers.Wake) {
        timers.fire(due)
    }

    /// Refuses a message without having looked into it.
    func refuse(_ error: ControlError, requestID: RequestID?, to client: ClientID) {
        refusals += 1
        clients.refuse(error, requestID: requestID, to: client)
    }

    func publish(_ line: LogLine) {
        features.log.publish(line)
    }

    /// Sends the text of an answer that took time.
    func send(_ text: String, to client: ClientID) {
        clients.send(text: text, to: client, priority: .acknowledgement)
    }

    func status() -> NodeStatus {
        let dsp = features.session.status
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

    func figures() -> NodeFigures {
        NodeFigures(
            clients: clients.count,
            requests: counts,
            refusals: refusals,
            parameters: state.parameters.count,
            engine: features.engine.status,
            metrics: features.engine.metrics,
            journal: journal.figures,
            channels: features.extensions.figures + features.taps.figures,
            droppedExtensionEvents: features.extensions.droppedEvents
        )
    }

    /// Ends timers and sound, and brings everything to disk.
    func close() {
        flush()
        features.debug.close()
        features.spectra.close()
        features.compare.close()
        features.output.close()
        features.taps.close()
        features.engine.stop()
        timers.cancelAll()
        trail.flush()
        do throws(StorageError) {
            try journal.synchronize()
            try journal.close()
        } catch {
            logger.error(
                "The journal could not be closed; its log stays for the next start.", metadata: ["error": "\(error)"])
        }
    }

    func journalContents() throws(ControlError) -> JournalContents {
        flush()
        do throws(StorageError) {
            return try journal.contents()
        } catch {
            throw ControlError(.storage, "The history cannot be read. (\(error))")
        }
    }

    /// Writes a command that came over HTTP into the audit log.
    func noteCommand(_ type: String, detail: String, by peer: String) {
        let message = Array(#"{"type":"\#(type)",\#(detail)}"#.utf8)
        trail.accepted(AuditedMessage(author: Author(peer: peer), type: type, message: message))
        trail.flush()
    }

    /// What goes over to the node that plays the imported state.
    struct Former {
        let directory: DataDirectory
        let connections: [any ClientConnection]
        let measurements: [ClientID: MeasurementGroup]
        let spectra: [ClientID: SpectrumSubscribe]
        let log: LogRing<String>
        /// What played; nil while nothing did.
        let ends: EngineFeature.Ends?
        let transport: Transport?
        let revision: Int
    }

    /// Puts an imported state in place of its own on disk, and ends.
    ///
    /// - Throws: what speaks against it; nothing has changed then. `interrupted` when the files on disk are partly old
    ///   and partly new, which the next start mends: this node must not go on.
    func handOver(_ check: ArchiveCheck, _ replacement: DirectoryImport, by peer: String) throws -> Former {
        flush()
        try features.engine.check(state.setup(chain: check.chain, parameters: check.parameters))
        let replaced = try ArchivePath.files(in: directory.url, under: ArchiveLayout.kept)
        let former = Former(
            directory: directory,
            connections: clients.connections,
            measurements: features.debug.subscriptions,
            spectra: features.spectra.requests,
            log: features.log.kept,
            ends: features.engine.isRunning ? features.engine.playing : nil,
            transport: features.engine.transport,
            revision: state.revision
        )
        do throws(StorageError) {
            try replacement.commit(removing: replaced)
        } catch {
            // Decided, but not finished: what failed once is tried once more, before anything is read again.
            guard error.code == .interrupted else { throw error }
            do throws(StorageError) {
                try DirectoryImport.recover(in: directory.url)
            } catch {
                throw StorageError(.interrupted, operation: error.operation, path: error.path, reason: error.reason)
            }
        }
        let summary = check.summary
        noteCommand("import", detail: #""files":\#(summary.files),"parameters":\#(summary.parameters)"#, by: peer)
        logger.notice("An archive was imported.", metadata: ["peer": "\(peer)", "files": "\(summary.files)"])
        close()
        return former
    }

    /// Goes on with the clients and the sound of a node whose state was replaced.
    func takeOver(from former: Former) {
        state.follow(former.revision)
        features.log.restore(former.log)
        for connection in former.connections {
            connect(connection)
        }
        features.debug.restore(former.measurements)
        features.spectra.restore(former.spectra)
        if let ends = former.ends { features.engine.resume(ends, at: former.transport) }
        clients.broadcast(LinkUpdated(origin: "import"))
        clients.broadcast(features.engine.assignments)
        features.transport.announce()
        features.compare.announce()
        features.session.announceIfChanged()
    }

    private func takeBatched(_ request: any ControlRequest, _ id: RequestID?, _ audited: AuditedMessage) throws {
        let (outcome, events) = try clients.collecting {
            try router.answer(request, from: audited.author, requestID: id)
        }
        guard case .now(let answer, let isAccepted, let refusal) = outcome else { return }
        if !isAccepted { refusals += 1 }
        outbox.append(
            Outbox.Item(
                client: audited.author.client,
                answer: answer,
                isAccepted: isAccepted,
                refusal: refusal,
                events: events,
                audited: audited
            )
        )
    }

    private func takeAlone(
        _ request: any ControlRequest,
        _ prepared: (any Sendable)?,
        _ id: RequestID?,
        _ audited: AuditedMessage,
        isCommand: Bool
    ) throws -> Taken {
        let client = audited.author.client
        switch try router.answer(request, prepared, from: audited.author, requestID: id) {
        case .now(let answer, let isAccepted, _):
            clients.send(text: answer, to: client, priority: .acknowledgement)
            if !isAccepted { refusals += 1 }
            if isCommand, isAccepted {
                trail.accepted(audited)
                trail.flush()
            }
            return .done
        case .later(let work):
            return .unfinished(.answer(work))
        case .aside(let work):
            return .aside(work)
        case .preparing(let work):
            return .unfinished(.preparation(work))
        }
    }

    private func refuse(_ items: [Outbox.Item], because error: ControlError) {
        logger.error(
            "Changes could not be written to disk.",
            metadata: ["changes": "\(items.count)", "error": "\(error.message)"])
        for item in items {
            do {
                let text = item.isAccepted ? try item.refusal(error) : item.answer
                clients.send(text: text, to: item.client, priority: .acknowledgement)
                if item.isAccepted { refusals += 1 }
            } catch {
                logger.error("A refusal could not be encoded.", metadata: ["error": "\(error)"])
            }
        }
    }

    private static func synchronize(_ journal: Journal, _ logger: Logger) {
        do throws(StorageError) {
            try journal.synchronize()
        } catch {
            logger.error("Committed changes may not be on disk yet.", metadata: ["error": "\(error)"])
        }
    }
}
