#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Foundation
internal import Logging
internal import SoundpostChannels
internal import Synchronization
internal import WireFormats

/// Keeps one extension running, on a thread of its own.
///
/// The thread starts the process and waits for its end. A second one waits for the process to connect; from then on the channel's own
/// thread takes what it says.
final class ExtensionRunner: Sendable {
    enum Notice: Sendable {
        case changed
        case event(String, JSONValue)
    }

    private struct State {
        var status: ExtensionStatus
        var channel: Channel?
        var server: LocalSocketServer?
        var process: ChildProcess?
        var isStopping = false
        var hasEnded = false
        /// Somebody wants it started anew.
        var isRestartWanted = false
        /// When an event may be handed on again; see `Self.eventsPerSecond`.
        var eventsFreeAt = ContinuousClock.now
    }

    private static let eventsPerSecond = 200
    private static let eventBurst = Duration.seconds(1)
    /// For what is under way in the extension when the node stops; then it is asked by signal, then killed.
    private static let patience = (channel: Duration.seconds(1), signal: Duration.seconds(2))

    private let state: Mutex<State>
    private let changed = NSCondition()
    private let logger: Logger
    private let environment: [String: String]
    private let notify: @Sendable (Notice) -> Void

    init(
        _ manifest: ExtensionManifest, environment: [String: String], logger: Logger,
        notify: @escaping @Sendable (Notice) -> Void
    ) {
        state = Mutex(State(status: ExtensionStatus(manifest: manifest, state: .starting)))
        self.environment = environment
        self.logger = logger
        self.notify = notify
    }

    var status: ExtensionStatus { state.withLock { $0.status } }
    var id: String { status.manifest.id }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "extension \(id)"
        thread.start()
    }

    // MARK: The extension's thread

    private func run() {
        var policy = RestartPolicy()
        while !isStopping {
            set(.starting)
            let start = ContinuousClock.now
            let reason = runOnce()
            guard !isStopping else { break }
            if state.withLock({ $0.isRestartWanted }) {
                policy = RestartPolicy()
            } else {
                switch policy.ended(after: .now - start) {
                case .again(let pause):
                    logger.warning("\(reason); it is started again in \(pause)")
                    set(.restarting, reason)
                    wait(pause)
                case .giveUp:
                    logger.error("\(reason), once too often; it is not started again")
                    set(.failed, reason)
                    wait(nil)
                    policy = RestartPolicy()
                }
            }
            state.withLock { state in
                if state.isRestartWanted { policy = RestartPolicy() }
                state.isRestartWanted = false
                state.status.restarts += 1
            }
        }
        set(.stopped)
        changed.lock()
        state.withLock { $0.hasEnded = true }
        changed.broadcast()
        changed.unlock()
    }

    /// Runs the process once, and says why it ended.
    private func runOnce() -> String {
        let manifest = status.manifest
        let process: ChildProcess
        let server: LocalSocketServer
        do {
            server = try LocalSocketServer("ext_\(manifest.id)_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))")
            var variables = environment.merging(manifest.environment) { $1 }
            variables["SOUNDPOST_IPC_CHANNEL"] = server.name
            variables["SOUNDPOST_IPC_MODE"] = nil
            // What a Python program prints is to be seen when it is printed.
            variables["PYTHONUNBUFFERED"] = variables["PYTHONUNBUFFERED"] ?? "1"
            process = try ChildProcess.start(manifest, environment: variables, logger: logger)
        } catch {
            return "\(error)"
        }
        state.withLock { state in
            state.server = server
            state.process = process
        }
        let meeting = Thread { [self] in meet(server) }
        meeting.name = "extension \(manifest.id) connects"
        meeting.start()
        // One that is stopped meanwhile did not see the process.
        if isStopping { process.signal(SIGKILL) }
        let reason = process.wait()
        server.close()
        let channel = state.withLock { state in
            state.process = nil
            state.server = nil
            state.status.handlers = []
            return state.channel.take()
        }
        channel?.close()
        return reason
    }

    /// Takes the first client of the server for the extension: only programs of this user can connect.
    private func meet(_ server: LocalSocketServer) {
        let channel: Channel
        do throws(ChannelError) {
            // An extension that does not take what it is asked must not hold up the node.
            channel = try server.accept(options: ChannelOptions(backPressure: .fail, capacity: 1000))
        } catch {
            return
        }
        server.close()
        state.withLock { $0.channel = channel }
        channel.onMessage(failure: { [logger] error in logger.warning("\(error.message)") }) { [weak self] message in
            self?.take(message)
        }
    }

    private func take(_ message: Message) {
        switch message.kind {
        case .ready:
            guard case .object(let data) = message.data, case .array(let names) = data["handlers"] else {
                logger.warning("its 'ready' names no handlers")
                return
            }
            let handlers = names.compactMap { name in if case .string(let text) = name { text } else { nil } }
            state.withLock { state in
                state.status.handlers = Array(handlers.prefix(256))
                state.status.state = .ready
                state.status.message = nil
            }
            logger.info("ready: \(handlers.joined(separator: ", "))")
            notify(.changed)
        case .event:
            guard let event = message.event else { return }
            let isAllowed = state.withLock { state in
                let now = ContinuousClock.now
                state.eventsFreeAt = max(state.eventsFreeAt, now - Self.eventBurst)
                guard state.eventsFreeAt <= now else { return false }
                state.eventsFreeAt += .seconds(1) / Self.eventsPerSecond
                return true
            }
            if isAllowed { notify(.event(event, message.data)) }
        case .request:
            let failure = Message.Failure(
                code: Message.Failure.unknownMethod, message: "a node answers no requests of its extensions")
            try? channel?.respond(to: message, failure)
        case .data, .response, .ping, .pong:
            logger.debug("it sent a message of the type \(message.kind.rawValue), which means nothing here")
        }
    }

    // MARK: For others

    var channel: Channel? { state.withLock { $0.channel } }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func set(_ new: ExtensionStatus.State, _ message: String? = nil) {
        state.withLock { state in
            state.status.state = new
            if let message { state.status.message = message }
        }
        notify(.changed)
    }

    /// Waits, unless it is to stop or to be started anew.
    private func wait(_ pause: Duration?) {
        let end = pause.map { Date(timeIntervalSinceNow: $0 / .seconds(1)) }
        changed.lock()
        defer { changed.unlock() }
        while !state.withLock({ $0.isStopping || $0.isRestartWanted }), wait(until: end) {}
    }

    /// Starts it anew, whatever it is doing.
    func restart() {
        changed.lock()
        let process = state.withLock { state in
            state.isRestartWanted = true
            return state.process
        }
        changed.broadcast()
        changed.unlock()
        process?.signal(SIGTERM)
    }

    /// Begins to stop it: it is told by the end of its channel.
    func beginStop() {
        changed.lock()
        let (channel, process) = state.withLock { state in
            state.isStopping = true
            return (state.channel, state.process)
        }
        changed.broadcast()
        changed.unlock()
        channel?.shutdown()
        if channel == nil { process?.signal(SIGTERM) }
    }

    /// Waits until it has ended, on the calling thread; insists more and more.
    func finishStop() {
        if waitForEnd(Self.patience.channel) { return }
        state.withLock { $0.process }?.signal(SIGTERM)
        if waitForEnd(Self.patience.signal) { return }
        logger.warning("it did not stop when asked, and is killed")
        state.withLock { $0.process }?.signal(SIGKILL)
        _ = waitForEnd(nil)
    }

    /// False at the end; nil is none. (`distantFuture` ends the process on some systems.)
    private func wait(until end: Date?) -> Bool {
        if let end { return changed.wait(until: end) }
        changed.wait()
        return true
    }

    private func waitForEnd(_ limit: Duration?) -> Bool {
        let end = limit.map { Date(timeIntervalSinceNow: $0 / .seconds(1)) }
        changed.lock()
        defer { changed.unlock() }
        while !state.withLock({ $0.hasEnded }) {
            guard wait(until: end) else { return state.withLock { $0.hasEnded } }
        }
        return true
    }
}
