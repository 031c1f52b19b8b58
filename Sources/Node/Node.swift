import AudioEngine
public import ChainModel
import ControlProtocol
import Extensions
import Foundation
public import Logging
import Storage

/// One running node: a chain on a simulated DSP, its parameters on disk, and the clients that change both.
///
/// Call `start()` once, then `connect`, `accept` and `disconnect` for every client, and `stop()` at the end. A stopped
/// node can be started again.
///
/// Threading: messages are decoded on the caller's task and take effect one after another on this actor. Answers and
/// events leave through ``ClientConnection/send(_:priority:)`` in the order in which the changes happened, so every
/// client sees the changes in one common order. A caller that awaits `accept` before it hands in the client's next
/// message gets that client's answers in the order of its questions.
public actor Node {
    /// Lines written here reach the clients as `log_stream` as well as the handler the node was given.
    public nonisolated let logger: Logger

    /// Says when the node has stopped because it cannot go on, and why: the process should end, so that it is started
    /// again. For one reader.
    public nonisolated let failures: AsyncStream<any Error>

    private nonisolated let failing: AsyncStream<any Error>.Continuation
    private nonisolated let decoder: MessageDecoder
    private nonisolated let configuration: NodeConfiguration
    nonisolated let engine: Engine
    /// They run from the first start to the first stop.
    private nonisolated let extensions: ExtensionHost
    private var noticeReader: Task<Void, Never>?
    private let clock: any Clock<Duration>
    private let wallClock: WallClock
    private let logs: LogHub
    private(set) var running: RunningNode?
    private var logReader: Task<Void, Never>?
    private var isImporting = false
    private let created = ContinuousClock.now
    private var commits = TokenBucket(perSecond: 500, burst: 100)
    private nonisolated let inbox = Inbox()
    /// Messages whose change goes to disk with the next commit.
    private var committing: [Inbox.Item] = []
    /// Answers that others make, while their clients go on.
    private var asides = AsideAnswers()
    /// The pause before the next commit.
    private var pause: Task<Void, Never>?
    /// A commit of more messages costs each of them no less.
    private static let largestCommit = 64
    private static let longestTurn = Duration.milliseconds(20)

    /// - Parameters:
    ///   - configuration: where the state lives and what is played at first.
    ///   - logger: where log lines go besides the clients.
    ///   - clock: paces everything that happens later or repeatedly.
    ///   - wallClock: stamps messages.
    public init(
        configuration: NodeConfiguration,
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(),
        wallClock: WallClock = .system
    ) {
        let logs = LogHub(capacity: configuration.keptLogLines, wallClock: wallClock)
        self.logger = logs.logger(source: "node", also: logger)
        self.configuration = configuration
        self.clock = clock
        self.wallClock = wallClock
        self.logs = logs
        decoder = MessageDecoder()
        (failures, failing) = AsyncStream.makeStream(of: (any Error).self)
        engine = Engine(
            logger: logs.logger(source: "engine", also: logger),
            workers: configuration.cores,
            maxLoadPercent: configuration.maxLoadPercent
        )
        extensions = ExtensionHost(configuration.extensions, environment: ProcessInfo.processInfo.environment) { id in
            var logger = logs.logger(source: "extension \(id)", also: logger)
            logger[metadataKey: "extension"] = "\(id)"
            return logger
        }
    }

    /// Takes the data directory, restores chain and parameters, and starts the simulation if the configuration says so.
    ///
    /// - Throws: ``NodeStartError`` that names the file and the fault. Nothing on disk has been overwritten then.
    public func start() async throws {
        guard running == nil else { return }
        let running = try RunningNode(surroundings)
        self.running = running
        let lines = logs.lines()
        logReader = Task { [weak self] in
            for await line in lines {
                await self?.publish(line)
            }
        }
        if configuration.startSimulation {
            running.startSimulation()
        }
        extensions.start()
        noticeReader =
            noticeReader
            ?? Task { [weak self, notices = extensions.notices] in
                for await notice in notices {
                    await self?.publish(notice)
                }
            }
    }

    /// Fades the sound out, writes what is not yet on disk, and gives the data directory back. The clients are
    /// forgotten; whoever owns their sockets closes them.
    public func stop() async {
        // Also after a failure, which has ended the rest already.
        await extensions.stop()
        halt()
        // Until nothing of the taps is left.
        await BlockingWork.taps.run {}
    }

    private func halt() {
        guard let running else { return }
        self.running = nil
        asides.giveUpAll()
        running.close()
        logs.endReading()
        logReader = nil
    }

    /// Registers a client and sends it the current status and the kept log lines. Ignored while the node does not run.
    public func connect(_ client: any ClientConnection) {
        running?.connect(client)
    }

    /// Forgets a client and its subscriptions, when the messages that it has handed in are dealt with. Nothing is sent
    /// to it afterwards.
    public nonisolated func disconnect(_ id: ClientID) async {
        _ = await pass(.departure, from: id)
    }

    /// Takes one message from a connected client. Every message is answered, after its change is committed: with the
    /// response of its type, or with `error`. Bytes of any kind are safe. A message of a client that is not connected
    /// is ignored.
    ///
    /// Returns when the client's next message may be handed in. That can be before the answer: answers leave in the
    /// order of the messages all the same, but for those of extensions (`call_extension`), which come when they are
    /// there.
    ///
    /// - Parameters:
    ///   - message: one JSON object in UTF-8.
    ///   - client: who sent it.
    public nonisolated func accept(_ message: [UInt8], from client: ClientID) async {
        guard Inbox.isSmall(message) else {
            // The caller's task may share its thread with other clients, who do not wait for a long text.
            return await withTaskExecutorPreference(globalConcurrentExecutor) {
                await handle(decoder.decode(message), message, from: client)
            }
        }
        let incoming = decoder.decode(message)
        if case .success(let request) = incoming.request, request is any BatchedRequest, inbox.hasRoom(for: client) {
            add(Inbox.Item(content: .message(incoming, message, prepared: nil), client: client, taken: nil))
        } else {
            await handle(incoming, message, from: client)
        }
    }

    private nonisolated func handle(_ incoming: IncomingMessage, _ message: [UInt8], from client: ClientID) async {
        var rest = await pass(.message(incoming, message, prepared: nil), from: client)
        if case .preparation(let work) = rest {
            let prepared = await withTaskExecutorPreference(globalConcurrentExecutor) { await work() }
            rest = await pass(.message(incoming, message, prepared: prepared), from: client)
        }
        if case .answer(let work) = rest {
            await withTaskExecutorPreference(globalConcurrentExecutor) { await answer(client, with: work) }
        }
    }

    /// Puts something into the inbox and waits until it is dealt with.
    private nonisolated func pass(
        _ content: Inbox.Item.Content,
        from client: ClientID
    ) async -> Inbox.Rest? {
        await withCheckedContinuation { taken in
            add(Inbox.Item(content: content, client: client, taken: taken))
        }
    }

    private nonisolated func add(_ item: Inbox.Item) {
        if inbox.add(item) {
            Task { await attend() }
        }
    }

    /// Where the state lives.
    nonisolated var dataDirectory: URL { configuration.dataDirectory }

    /// The body of `GET /api/status`; nil while the node does not run.
    public func status() -> NodeStatus? {
        running?.status()
    }

    /// The stored chain; nil while the node does not run.
    public func link() -> LinkConfig? {
        running?.state.link
    }

    /// Takes messages from the inbox until there are none.
    private func attend() async {
        while true {
            let items = inbox.takeAll()
            guard !items.isEmpty else { return }
            var turn = ContinuousClock.now
            for item in items {
                take(item)
                if committing.count >= Self.largestCommit { commit() }
                // Timers and meters do not wait until thousands of clients had their turn.
                if ContinuousClock.now - turn > Self.longestTurn {
                    await Task.yield()
                    turn = .now
                }
            }
            commitSoon()
            await Task.yield()
        }
    }

    private func take(_ item: Inbox.Item) {
        switch item.content {
        case .departure:
            asides.giveUp(item.client)
            running?.disconnect(item.client)
            item.taken?.resume(returning: nil)
        case .message(let incoming, let message, let prepared):
            switch running?.take(incoming, message, prepared, from: item.client) {
            case nil, .done: item.taken?.resume(returning: nil)
            case .unfinished(let rest): item.taken?.resume(returning: rest)
            case .aside(let work):
                startAside(work, for: item.client, incoming.requestID)
                item.taken?.resume(returning: nil)
            case .uncommitted: committing.append(item)
            }
        }
    }

    /// Commits what was taken: at once, or, when commits come fast, after a moment in which the changes of other
    /// clients gather that go to disk with it.
    private func commitSoon() {
        guard !committing.isEmpty, pause == nil else { return }
        let wait = commits.take(at: ContinuousClock.now - created)
        guard wait > .zero else { return commit() }
        // Real time whatever the node's clock says: this spares the disk and the processor.
        pause = Task {
            do {
                try await Task.sleep(for: wait)
                commit()
            } catch {
                // The commit came early.
            }
        }
    }

    private func commit() {
        pause?.cancel()
        pause = nil
        running?.flush()
        for item in committing { item.taken?.resume(returning: nil) }
        committing.removeAll(keepingCapacity: true)
    }

    private nonisolated func answer(_ client: ClientID, with work: MessageRouter.SlowAnswer) async {
        do {
            let text = try await work()
            await send(text, to: client)
        } catch {
            logger.error("An answer could not be made.", metadata: ["client": "\(client)", "error": "\(error)"])
        }
    }

    /// How many answers a client waits for that others make.
    func asideCount(of client: ClientID) -> Int { asides.count(of: client) }

    private func startAside(_ work: @escaping MessageRouter.SlowAnswer, for client: ClientID, _ requestID: RequestID?) {
        let isTaken = asides.start(for: client) { [weak self] in
            let text: Result<String, any Error>
            do {
                text = .success(try await work())
            } catch {
                text = .failure(error)
            }
            await self?.finishAside($0, with: text, for: client)
        }
        guard !isTaken else { return }
        let error = ControlError(.busy, "\(AsideAnswers.most) answers of extensions are awaited; wait for one of them.")
        running?.refuse(error, requestID: requestID, to: client)
    }

    private func finishAside(_ id: AsideAnswers.ID, with text: Result<String, any Error>, for client: ClientID) {
        // Not of a client that has gone meanwhile.
        guard asides.finish(id, of: client) else { return }
        switch text {
        case .success(let text): send(text, to: client)
        case .failure(let error):
            logger.error("An answer could not be made.", metadata: ["client": "\(client)", "error": "\(error)"])
        }
    }

    private func send(_ text: String, to client: ClientID) {
        running?.send(text, to: client)
    }

    /// Values and history as they are now.
    func journalContents() throws(ControlError) -> JournalContents {
        guard let running else { throw Self.notRunning }
        return try running.journalContents()
    }

    /// Tells the clients which audio files there are.
    func announceAudioFiles() async {
        guard let files = running?.features.transport.files else { return }
        let list = await BlockingWork.files.run { files.list() }
        running?.clients.broadcast(AudioFileList(files: list))
    }

    /// Writes a command that came over HTTP into the audit log.
    ///
    /// - Parameter detail: members of a JSON object.
    func noteCommand(_ type: String, detail: String, by peer: String) {
        running?.noteCommand(type, detail: detail, by: peer)
    }

    /// Keeps a second import away until `endImport`.
    func beginImport() throws(ControlError) {
        guard let running else { throw Self.notRunning }
        guard !isImporting else { throw ControlError(.busy, "Another archive is being imported.") }
        try Self.checkMode(of: running)
        isImporting = true
    }

    func endImport() {
        isImporting = false
    }

    /// Goes over to what an import has staged.
    func adopt(_ check: ArchiveCheck, _ replacement: DirectoryImport, by peer: String) throws {
        guard let running else { throw Self.notRunning }
        try Self.checkMode(of: running)
        do {
            let former = try running.handOver(check, replacement, by: peer)
            let next: RunningNode
            do {
                next = try RunningNode(surroundings, directory: former.directory)
            } catch {
                throw StorageError(.interrupted, operation: "import", path: error.path, reason: error.message)
            }
            next.takeOver(from: former)
            self.running = next
        } catch let error as StorageError where error.code == .interrupted {
            fail(with: error)
            throw error
        }
    }

    /// An import replaces the chain.
    private static func checkMode(of running: RunningNode) throws(ControlError) {
        if let refusal = ModeRules.refusal(of: WriteLink.type, in: running.state.mode) { throw refusal }
    }

    /// Stops for good: what is on disk is no longer what is in force, and the next start mends it.
    private func fail(with error: any Error) {
        logger.critical("The node cannot go on. Its next start mends the data.", metadata: ["error": "\(error)"])
        halt()
        failing.yield(error)
    }

    private static let notRunning = ControlError(.notRunning, "The node is starting or stopping.")

    private var surroundings: RunningNode.Surroundings {
        RunningNode.Surroundings(
            configuration: configuration,
            engine: engine,
            extensions: extensions,
            clock: clock,
            wallClock: wallClock,
            logger: logger,
            wake: { [weak self] due in await self?.fire(due) },
            announceAudioFiles: { [weak self] in await self?.announceAudioFiles() }
        )
    }

    private func publish(_ line: LogLine) {
        running?.publish(line)
    }

    private func publish(_ notice: ExtensionHost.Notice) {
        running?.features.extensions.take(notice)
    }

    private func fire(_ due: Timers.Wake) {
        running?.fire(due)
    }
}
