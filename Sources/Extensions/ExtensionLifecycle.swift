internal import Logging

/// What becomes of one extension: events in, actions out. It knows neither time nor threads nor processes.
///
/// A run is one process, from its start to its end. What a former run says late is passed over.
struct ExtensionLifecycle: Sendable, Hashable {
    enum Event: Sendable, Hashable {
        case begin
        /// The process could not be started.
        case notStarted(run: Int, reason: String)
        case connected(run: Int)
        case announced(run: Int, handlers: [String])
        /// The channel has ended; the process may go on.
        case disconnected(run: Int)
        /// The process has ended. `readyFor`: since it had announced itself; zero if it never did.
        case ended(run: Int, reason: String, readyFor: Duration)
        case expired(timer: Int)
        /// Somebody wants it started anew.
        case restart
        /// The node stops it, for good.
        case stop
    }

    enum Action: Sendable, Hashable {
        /// Start a process; `notStarted` or, later, `ended` is due.
        case start(run: Int)
        /// Begin to end the channel: what is under way may finish.
        case shutChannel
        case terminate
        case kill
        /// `expired` is due after this time, in place of every earlier timer.
        case setTimer(Int, Duration)
        /// The status has changed.
        case publish
        case log(Logger.Level, String)
        /// Nothing comes after this.
        case finish
    }

    /// Why a process is being ended.
    private enum Purpose: Sendable, Hashable {
        case stop
        case restart
        case fault(String)
    }

    /// What was last done so that a process ends.
    private enum Step: Sendable, Hashable {
        /// Its channel has ended, by whomever; it may finish what it does.
        case waited
        case terminated
        case killed
    }

    private enum Phase: Sendable, Hashable {
        case idle
        case running(isConnected: Bool)
        case ready
        case ending(Purpose, Step)
        case pausing
        case failed
        case stopped
    }

    /// On top of its grace, for the last words of an extension.
    static let margin = Duration.seconds(1)
    /// Between SIGTERM, after the grace, and SIGKILL.
    static let insistence = Duration.seconds(1)
    /// After SIGKILL: what does not end by then never may.
    static let patience = Duration.seconds(10)

    private(set) var status: ExtensionStatus
    private(set) var run = 0
    private var phase = Phase.idle
    private var policy = RestartPolicy()
    private var timer = 0
    private let startLimit: Duration
    private let grace: Duration

    init(_ manifest: ExtensionManifest) {
        status = ExtensionStatus(manifest: manifest, state: .starting)
        startLimit = manifest.startLimit
        grace = manifest.grace
    }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .begin: phase == .idle ? start() : []
        case .notStarted(let run, let reason): run == self.run ? ended(reason, readyFor: .zero) : []
        case .connected(let run): run == self.run ? connected() : []
        case .announced(let run, let handlers): run == self.run ? announced(handlers) : []
        case .disconnected(let run): run == self.run ? disconnected() : []
        case .ended(let run, let reason, let length): run == self.run ? ended(reason, readyFor: length) : []
        case .expired(let timer): timer == self.timer ? expired() : []
        case .restart: restart()
        case .stop: stop()
        }
    }

    // MARK: What the process does

    private mutating func start() -> [Action] {
        run += 1
        phase = .running(isConnected: false)
        status.state = .starting
        status.handlers = []
        return [.publish, .start(run: run), setTimer(startLimit)]
    }

    private mutating func startAgain() -> [Action] {
        status.restarts += 1
        return start()
    }

    private mutating func connected() -> [Action] {
        guard case .running = phase else { return [] }
        phase = .running(isConnected: true)
        return []
    }

    private mutating func announced(_ handlers: [String]) -> [Action] {
        switch phase {
        case .running(isConnected: true), .ready:
            phase = .ready
            cancelTimer()
            status.state = .ready
            status.handlers = handlers
            status.message = nil
            return [.publish]
        default: return []
        }
    }

    private mutating func disconnected() -> [Action] {
        switch phase {
        case .running(isConnected: true), .ready:
            return end(.fault("its channel ended while its process went on"), .waited, within: grace + Self.margin)
        default: return []
        }
    }

    private mutating func ended(_ reason: String, readyFor length: Duration) -> [Action] {
        switch phase {
        case .running, .ready, .ending(.fault, .waited): return failed(reason, readyFor: length)
        case .ending(.fault(let fault), _): return failed(fault, readyFor: length)
        case .ending(.restart, _):
            policy = RestartPolicy()
            return startAgain()
        case .ending(.stop, _): return finish()
        case .idle, .pausing, .failed, .stopped: return []
        }
    }

    private mutating func failed(_ reason: String, readyFor length: Duration) -> [Action] {
        status.handlers = []
        status.message = reason
        switch policy.ended(after: length) {
        case .again(let pause):
            phase = .pausing
            status.state = .restarting
            return [.log(.warning, "\(reason); it is started again in \(pause)"), .publish, setTimer(pause)]
        case .giveUp:
            phase = .failed
            cancelTimer()
            status.state = .failed
            return [.log(.error, "\(reason), once too often; it is not started again"), .publish]
        }
    }

    // MARK: What time does

    private mutating func expired() -> [Action] {
        switch phase {
        case .running:
            let fault = "it did not announce itself within \(startLimit)"
            return [.terminate] + end(.fault(fault), .terminated, within: grace + Self.margin)
        case .ending(let purpose, .waited):
            phase = .ending(purpose, .terminated)
            return [.terminate, setTimer(Self.insistence)]
        case .ending(let purpose, .terminated):
            phase = .ending(purpose, .killed)
            return [
                .log(.warning, "it did not end when asked, and is killed"), .kill, setTimer(Self.patience),
            ]
        case .ending(let purpose, .killed): return abandoned(purpose)
        case .pausing: return startAgain()
        case .idle, .ready, .failed, .stopped: return []
        }
    }

    /// Its process cannot be ended: it is another user's, or the kernel keeps it.
    private mutating func abandoned(_ purpose: Purpose) -> [Action] {
        let fault = "its process cannot be ended, and is left alone"
        // What it says from now on is not this one's any more.
        run += 1
        if case .stop = purpose { return [.log(.error, fault)] + finish() }
        phase = .failed
        cancelTimer()
        status.state = .failed
        status.message = fault
        return [.log(.error, fault), .publish]
    }

    // MARK: What people do

    private mutating func restart() -> [Action] {
        switch phase {
        case .running, .ready, .ending(.fault, .waited):
            return [.terminate] + end(.restart, .terminated, within: grace + Self.margin)
        case .ending(.fault, let step):
            phase = .ending(.restart, step)
            return []
        case .pausing, .failed:
            policy = RestartPolicy()
            return startAgain()
        case .idle, .ending(.restart, _), .ending(.stop, _), .stopped: return []
        }
    }

    private mutating func stop() -> [Action] {
        switch phase {
        case .running(isConnected: true), .ready:
            phase = .ending(.stop, .waited)
            return [.shutChannel, setTimer(grace + Self.margin)]
        case .running(isConnected: false):
            phase = .ending(.stop, .terminated)
            return [.terminate, setTimer(grace + Self.margin)]
        case .ending(_, let step):
            phase = .ending(.stop, step)
            return []
        case .idle, .pausing, .failed: return finish()
        case .stopped: return []
        }
    }

    // MARK: Parts

    /// The process is to end, and then to be started again or given up.
    private mutating func end(_ purpose: Purpose, _ step: Step, within limit: Duration) -> [Action] {
        phase = .ending(purpose, step)
        status.state = .restarting
        status.handlers = []
        if case .fault(let fault) = purpose { status.message = fault }
        return [.publish, setTimer(limit)]
    }

    private mutating func finish() -> [Action] {
        phase = .stopped
        cancelTimer()
        status.state = .stopped
        status.handlers = []
        return [.publish, .finish]
    }

    private mutating func setTimer(_ length: Duration) -> Action {
        timer += 1
        return .setTimer(timer, length)
    }

    /// The one that runs is passed over when it expires.
    private mutating func cancelTimer() {
        timer += 1
    }
}
