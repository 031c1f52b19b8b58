#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Dispatch
internal import Foundation
internal import Logging
internal import SoundpostChannels
internal import Synchronization
internal import WireFormats

/// Keeps one extension running: does what its `ExtensionLifecycle` says.
///
/// One thread owns the lifecycle, the process and the timer; it starts, signals and reaps, one after the other. A
/// second one, one a run, waits for the process's end, a third takes what the process says. Both only tell the first.
final class ExtensionRunner: Sendable {
    enum Notice: Sendable {
        case changed
        case event(String, JSONValue)
    }

    /// What happens, on its way to the thread.
    private enum Occurrence: Sendable {
        case event(ExtensionLifecycle.Event)
        case met(run: Int, Channel)
        case exited(run: Int)
    }

    /// What everybody may look at.
    private struct Shared {
        var occurrences: [Occurrence] = []
        var status: ExtensionStatus
        var channel: Channel?
        var run = 0
        var droppedEvents = 0
        var eventLimit = RateLimit(perSecond: 200, burst: 200)
        var isStarted = false
        /// No order is taken any more.
        var isStopping = false
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Bytes of an event's data in JSON: it goes to every client.
    private static let largestEvent = 64 << 10
    private static let longestName = 128
    private static let mostHandlers = 256
    /// For the channel's last messages, when the process has ended.
    private static let lastWords = DispatchTimeInterval.seconds(1)

    let id: String
    private let manifest: ExtensionManifest
    private let shared: Mutex<Shared>
    /// Rings once for each occurrence.
    private let bell = DispatchSemaphore(value: 0)
    private let logger: Logger
    private let environment: [String: String]
    private let notify: @Sendable (Notice) -> Void

    /// - Parameter environment: of the extension, besides what its manifest says.
    init(
        _ manifest: ExtensionManifest, environment: [String: String], logger: Logger,
        notify: @escaping @Sendable (Notice) -> Void
    ) {
        id = manifest.id
        self.manifest = manifest
        shared = Mutex(Shared(status: ExtensionStatus(manifest: manifest, state: .starting)))
        self.environment = environment
        self.logger = logger
        self.notify = notify
    }

    // MARK: For others

    var status: ExtensionStatus {
        shared.withLock { shared in
            var status = shared.status
            status.droppedEvents = shared.droppedEvents + (shared.channel?.metrics.dropped ?? 0)
            return status
        }
    }

    var channel: Channel? { shared.withLock { $0.channel } }

    func start() {
        let isFirst = shared.withLock { shared in
            guard !shared.isStarted, !shared.isStopping else { return false }
            shared.isStarted = true
            return true
        }
        guard isFirst else { return }
        post(.event(.begin))
        let thread = Thread { [self] in work() }
        thread.name = "extension \(id)"
        thread.start()
    }

    /// Starts it anew, whatever it is doing.
    ///
    /// - Returns: false before `start` and once it is being stopped: then nothing happens.
    func restart() -> Bool {
        let isTaken = shared.withLock { shared in
            guard shared.isStarted, !shared.isStopping else { return false }
            shared.occurrences.append(.event(.restart))
            return true
        }
        if isTaken { bell.signal() }
        return isTaken
    }

    /// Begins to stop it, for good.
    func beginStop() {
        shared.withLock { shared in
            shared.isStopping = true
            shared.occurrences.append(.event(.stop))
        }
        bell.signal()
    }

    /// Suspends the caller until it has ended.
    func stopped() async {
        await withCheckedContinuation { continuation in
            let isThere = shared.withLock { shared in
                guard shared.isStarted, !shared.hasEnded else { return true }
                shared.waiters.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func post(_ occurrence: Occurrence) {
        shared.withLock { $0.occurrences.append(occurrence) }
        bell.signal()
    }

    // MARK: The thread

    /// A process, and what belongs to it.
    private struct Run {
        let number: Int
        let process: ChildProcess
        let server: LocalSocketServer
        /// Signalled when nothing of its channel is left.
        let hasFallenSilent: DispatchSemaphore
        var channel: Channel?
        var readySince: ContinuousClock.Instant?
        /// Until its channel ended.
        var readyFor: Duration?
    }

    private func work() {
        var lifecycle = ExtensionLifecycle(manifest)
        var run: Run?
        var timer: (number: Int, due: ContinuousClock.Instant)?
        var events: [ExtensionLifecycle.Event] = []
        while true {
            if events.isEmpty { wait(until: timer?.due) }
            for occurrence in shared.withLock({ shared in
                defer { shared.occurrences = [] }
                return shared.occurrences
            }) {
                if let event = take(occurrence, &run) { events.append(event) }
            }
            if let due = timer, due.due <= .now {
                timer = nil
                events.append(.expired(timer: due.number))
            }
            guard !events.isEmpty else { continue }
            for action in lifecycle.handle(events.removeFirst()) {
                switch action {
                case .start(let number):
                    do {
                        run = try launch(number)
                    } catch {
                        events.append(.notStarted(run: number, reason: "\(error)"))
                    }
                case .shutChannel: run?.channel?.shutdown()
                case .terminate: run?.process.signal(SIGTERM)
                case .kill: run?.process.signal(SIGKILL)
                case .setTimer(let number, let length): timer = (number, .now + length)
                case .publish: publish(lifecycle.status)
                case .log(let level, let text): logger.log(level: level, "\(text)")
                case .finish: return finish()
                }
            }
        }
    }

    /// Until something happens or it is time, by a clock that nobody sets.
    private func wait(until due: ContinuousClock.Instant?) {
        guard let due else { return bell.wait() }
        let rest = max(due - .now, .zero).components
        let nanoseconds = Int(clamping: rest.seconds) * 1_000_000_000 + Int(rest.attoseconds / 1_000_000_000) + 1
        _ = bell.wait(timeout: .now() + .nanoseconds(nanoseconds))
    }

    /// What an occurrence is to the lifecycle.
    private func take(_ occurrence: Occurrence, _ run: inout Run?) -> ExtensionLifecycle.Event? {
        switch occurrence {
        case .event(let event):
            if case .announced(let number, _) = event, run?.number == number, run?.readySince == nil {
                run?.readySince = .now
            }
            if case .disconnected(let number) = event, run?.number == number {
                let since = run?.readySince
                run?.readyFor = since.map { .now - $0 }
            }
            return event
        case .met(let number, let channel):
            guard run?.number == number else {
                channel.close()
                return nil
            }
            run?.channel = channel
            shared.withLock { $0.channel = channel }
            return .connected(run: number)
        case .exited(let number):
            guard let ended = run, ended.number == number else { return nil }
            run = nil
            let readyFor = ended.readyFor ?? ended.readySince.map { .now - $0 } ?? .zero
            return .ended(run: number, reason: bury(ended), readyFor: readyFor)
        }
    }

    private func publish(_ status: ExtensionStatus) {
        shared.withLock { $0.status = status }
        notify(.changed)
    }

    private func finish() {
        let waiters = shared.withLock { shared in
            shared.hasEnded = true
            defer { shared.waiters = [] }
            return shared.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func launch(_ number: Int) throws -> Run {
        var variables = environment.merging(manifest.environment) { $1 }
        // Where the extension will look for it.
        let server = try LocalSocketServer(
            "ext_\(id)_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))",
            in: SocketPlace(environment: variables))
        variables["SOUNDPOST_IPC_CHANNEL"] = server.name
        variables["SOUNDPOST_IPC_MODE"] = nil
        variables["SOUNDPOST_EXTENSION_GRACE"] = "\(manifest.grace / .seconds(1))"
        // What a Python program prints is to be seen when it is printed.
        variables["PYTHONUNBUFFERED"] = variables["PYTHONUNBUFFERED"] ?? "1"
        let process = try ChildProcess.start(manifest, environment: variables, logger: logger)
        let run = Run(number: number, process: process, server: server, hasFallenSilent: DispatchSemaphore(value: 0))
        shared.withLock { $0.run = number }
        let end = Thread { [self] in
            process.awaitEnd()
            post(.exited(run: number))
        }
        end.name = "extension \(id) ends"
        end.start()
        let reader = Thread { [self, silence = run.hasFallenSilent] in
            read(server, number)
            silence.signal()
        }
        reader.name = "extension \(id) speaks"
        reader.start()
        return run
    }

    /// Lets go of a process that has ended, and says how it did.
    private func bury(_ run: Run) -> String {
        let reason = run.process.reap()
        run.server.close()
        // Its last answers are still on their way. What it started and let go might hold its channel open for ever.
        let deadline = DispatchTime.now() + Self.lastWords
        _ = run.hasFallenSilent.wait(timeout: deadline)
        run.process.waitForOutput(until: deadline)
        run.channel?.close()
        shared.withLock { shared in
            shared.droppedEvents += shared.channel?.metrics.dropped ?? 0
            shared.channel = nil
        }
        return reason
    }

    // MARK: What an extension says

    /// Takes the server's first client for the extension, as only programs of this user can connect, and what it
    /// says, to the end. On a thread of its own.
    private func read(_ server: LocalSocketServer, _ run: Int) {
        let channel: Channel
        do throws(ChannelError) {
            // An extension that does not take what it is asked must not hold up the node.
            channel = try server.accept(options: ChannelOptions(backPressure: .fail, capacity: 1000))
        } catch {
            // Closed, because the process has ended.
            if error.code != .disconnected { logger.warning("it cannot connect: \(error.message)") }
            return
        }
        server.close()
        post(.met(run: run, channel))
        var complaints = RateLimit(perSecond: 1, burst: 20)
        var announcements = RateLimit(perSecond: 1, burst: 20)
        func complain(_ text: String) {
            guard complaints.take() else { return }
            let skipped = complaints.takeSkipped()
            logger.warning("\(text)\(skipped > 0 ? " (\(skipped) complaints before it are left out)" : "")")
        }
        reading: while true {
            do throws(ChannelError) {
                let message = try channel.receive()
                if message.kind == .ready, !announcements.take() {
                    complain("it announces itself too often; once a second is taken")
                } else {
                    take(message, channel, run, complain)
                }
            } catch {
                switch error.code {
                case .serialization: complain(error.message)
                case .disconnected, .shuttingDown: break reading
                default:
                    logger.warning("its channel has failed: \(error.message)")
                    break reading
                }
            }
        }
        channel.close()
        post(.event(.disconnected(run: run)))
    }

    private func take(_ message: Message, _ channel: Channel, _ run: Int, _ complain: (String) -> Void) {
        switch message.kind {
        case .ready:
            guard case .object(let data) = message.data, case .array(let names) = data["handlers"] else {
                return complain("its 'ready' names no handlers")
            }
            let handlers = Self.handlers(names)
            if handlers.count < names.count {
                complain(
                    "\(names.count - handlers.count) of its handlers are left out: a name is a text of 1 to "
                        + "\(Self.longestName) bytes without control characters, each once, "
                        + "\(Self.mostHandlers) at most"
                )
            }
            logger.info("ready: \(handlers.prefix(16).joined(separator: ", "))\(handlers.count > 16 ? ", …" : "")")
            post(.event(.announced(run: run, handlers: handlers)))
        case .event:
            guard let event = message.event else { return }
            if isAllowed(event, message.data, run, complain) {
                notify(.event(event, message.data))
            } else {
                shared.withLock { $0.droppedEvents += 1 }
            }
        case .request:
            let failure = Message.Failure(
                code: Message.Failure.unknownMethod, message: "a node answers no requests of its extensions")
            do throws(ChannelError) {
                try channel.respond(to: message, failure)
            } catch {
                complain("a request of its is not answered: \(error.message)")
            }
        case .data, .response, .ping, .pong:
            logger.debug("it sent a message of the type \(message.kind.rawValue), which means nothing here")
        }
    }

    private static func handlers(_ names: [JSONValue]) -> [String] {
        var known: Set<String> = []
        var handlers: [String] = []
        for case .string(let name) in names where isPlain(name) && handlers.count < mostHandlers {
            if known.insert(name).inserted { handlers.append(name) }
        }
        return handlers
    }

    private static func isPlain(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    private func isAllowed(_ event: String, _ data: JSONValue, _ run: Int, _ complain: (String) -> Void) -> Bool {
        guard shared.withLock({ $0.run == run && $0.eventLimit.take() }) else { return false }
        guard Self.isPlain(event) else {
            complain("an event is not handed on: its name is not 1 to \(Self.longestName) bytes of text")
            return false
        }
        var writer = JSONWriter()
        do {
            try writer.write(data)
        } catch {
            complain("the event \(event) is not handed on: \(error)")
            return false
        }
        guard writer.bytes.count <= Self.largestEvent else {
            complain(
                "the event \(event) is not handed on: its data has \(writer.bytes.count) bytes; "
                    + "at most \(Self.largestEvent) are")
            return false
        }
        return true
    }
}
