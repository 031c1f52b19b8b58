import Foundation
import Testing

@testable import Extensions

/// The lifecycle by itself: every sequence of events up to a length, long random ones, and the ways that people know.
@Suite struct ExtensionLifecycleTests {
    /// A lifecycle with what its actions have led to; finds fault with each action that must not be.
    private struct World {
        var lifecycle: ExtensionLifecycle
        /// The run whose process lives.
        var living: Int?
        var isKilled = false
        var isConnected = false
        var wantsStop = false
        var hasFinished = false
        var hasBegun = false
        var timer: Int?
        var actions: [ExtensionLifecycle.Action] = []

        init() {
            lifecycle = ExtensionLifecycle(
                ExtensionManifest(id: "x", command: ["x"], folder: URL(fileURLWithPath: "/")))
        }

        /// What may happen next, besides what a former run says late.
        var possible: [ExtensionLifecycle.Event] {
            var events: [ExtensionLifecycle.Event] = [.restart, .stop]
            if !hasBegun { events.append(.begin) }
            if let timer { events += [.expired(timer: timer), .expired(timer: timer - 1)] }
            if let living {
                if isConnected {
                    events += [.announced(run: living, handlers: ["a"]), .disconnected(run: living)]
                } else {
                    events += [.connected(run: living), .notStarted(run: living, reason: "no such program")]
                }
                events += [
                    .ended(run: living, reason: "it ended", readyFor: .zero),
                    .ended(run: living, reason: "it ended", readyFor: RestartPolicy.goodWhile),
                ]
                if living > 1 {
                    events += [
                        .connected(run: living - 1), .announced(run: living - 1, handlers: ["late"]),
                        .disconnected(run: living - 1),
                    ]
                }
            }
            return events
        }

        mutating func handle(_ event: ExtensionLifecycle.Event) -> [String] {
            var faults: [String] = []
            let before = lifecycle.status
            switch event {
            case .begin: hasBegun = true
            case .connected(let run) where run == living: isConnected = true
            case .disconnected(let run) where run == living: isConnected = false
            case .ended, .notStarted: (living, isConnected, isKilled) = (nil, false, false)
            case .stop: wantsStop = true
            case .expired(let number) where number == timer:
                timer = nil
                // It does not end even when it is killed, and is given up.
                if isKilled { (living, isConnected, isKilled) = (nil, false, false) }
            default: break
            }
            actions = lifecycle.handle(event)
            for action in actions {
                if hasFinished { faults.append("\(action) after the end") }
                switch action {
                case .start(let run):
                    if living != nil { faults.append("two processes") }
                    if wantsStop { faults.append("a start while it is being stopped") }
                    living = run
                case .shutChannel: if !isConnected { faults.append("no channel to shut") }
                case .terminate: if living == nil { faults.append("SIGTERM for nobody") }
                case .kill:
                    if living == nil { faults.append("SIGKILL for nobody") }
                    isKilled = true
                case .setTimer(let number, let length):
                    if number <= timer ?? 0 { faults.append("a timer's number again") }
                    if length <= .zero { faults.append("a timer without time") }
                    timer = number
                case .finish:
                    if living != nil { faults.append("the end before that of its process") }
                    hasFinished = true
                case .publish, .log: break
                }
            }
            let status = lifecycle.status
            if status != before, !actions.contains(.publish), status.restarts == before.restarts {
                faults.append("a change that nobody is told of")
            }
            if status.state == .ready, !isConnected, !wantsStop { faults.append("ready without a channel") }
            if status.state == .ready, status.handlers == ["late"] { faults.append("handlers of a former run") }
            if status.state != .ready, !status.handlers.isEmpty { faults.append("handlers of none") }
            if living != nil, status.state != .ready, timer == nil {
                faults.append("a process that is waited for without an end")
            }
            if wantsStop, living == nil, hasBegun, !hasFinished { faults.append("stopped, and no end") }
            return faults
        }
    }

    private func explore(_ world: World, _ depth: Int, _ path: [ExtensionLifecycle.Event], _ faults: inout [String]) {
        guard depth > 0, faults.count < 5 else { return }
        for event in world.possible {
            var next = world
            let found = next.handle(event)
            if !found.isEmpty { faults.append("\(path + [event]): \(found)") }
            explore(next, depth - 1, path + [event], &faults)
        }
    }

    @Test func noSequenceOfEventsLeadsAstray() {
        var faults: [String] = []
        explore(World(), 5, [], &faults)
        #expect(faults.isEmpty)
    }

    @Test(arguments: 0..<200)
    func noLongSequenceDoesEither(_ seed: UInt64) {
        var random = Generator(state: seed)
        var world = World()
        _ = world.handle(.begin)
        for _ in 0..<300 {
            // Stops are rare, or every sequence would be short.
            var events = world.possible
            if random.next() % 50 != 0 { events.removeAll { $0 == .stop } }
            guard let event = events.randomElement(using: &random) else { break }
            let faults = world.handle(event)
            #expect(faults.isEmpty, "\(event)")
            guard faults.isEmpty, !world.hasFinished else { break }
        }
        // From wherever it is, a stop leads to the end by time alone, and the process ends when it is killed at last,
        // or not even then.
        if !world.wantsStop { _ = world.handle(.stop) }
        var steps = 0
        while !world.hasFinished, steps < 10 {
            steps += 1
            if world.isKilled, seed.isMultiple(of: 2), let run = world.living {
                #expect(world.handle(.ended(run: run, reason: "killed", readyFor: .zero)).isEmpty)
            } else if let timer = world.timer {
                #expect(world.handle(.expired(timer: timer)).isEmpty)
            }
        }
        #expect(world.hasFinished && world.lifecycle.status.state == .stopped)
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private func ready(graceSeconds: Int = 5) -> ExtensionLifecycle {
        var manifest = ExtensionManifest(id: "x", command: ["x"], folder: URL(fileURLWithPath: "/"))
        manifest.grace = .seconds(graceSeconds)
        var lifecycle = ExtensionLifecycle(manifest)
        _ = lifecycle.handle(.begin)
        _ = lifecycle.handle(.connected(run: 1))
        _ = lifecycle.handle(.announced(run: 1, handlers: ["a"]))
        return lifecycle
    }

    private func timer(_ actions: [ExtensionLifecycle.Action]) -> (number: Int, length: Duration)? {
        for case .setTimer(let number, let length) in actions { return (number, length) }
        return nil
    }

    @Test func aChannelThatEndsEndsTheProcessToo() throws {
        var lifecycle = ready()
        #expect(lifecycle.status.state == .ready)
        var actions = lifecycle.handle(.disconnected(run: 1))
        #expect(lifecycle.status.state == .restarting && lifecycle.status.handlers.isEmpty)
        #expect(lifecycle.status.message?.contains("its channel ended") == true)
        #expect(!actions.contains(.terminate))
        actions = lifecycle.handle(.expired(timer: try #require(timer(actions)).number))
        #expect(actions.contains(.terminate))
        actions = lifecycle.handle(.expired(timer: try #require(timer(actions)).number))
        #expect(actions.contains(.kill))
        _ = lifecycle.handle(.ended(run: 1, reason: "it was killed", readyFor: .seconds(1)))
        #expect(lifecycle.status.message?.contains("its channel ended") == true)
    }

    @Test func aProcessThatEndsByItselfSaysMoreThanItsChannel() {
        var lifecycle = ready()
        _ = lifecycle.handle(.disconnected(run: 1))
        _ = lifecycle.handle(.ended(run: 1, reason: "it ended with status 3", readyFor: .seconds(1)))
        #expect(lifecycle.status.message == "it ended with status 3")
    }

    @Test(arguments: [false, true])
    func oneThatDoesNotAnnounceItselfIsEnded(_ connects: Bool) throws {
        var manifest = ExtensionManifest(id: "x", command: ["x"], folder: URL(fileURLWithPath: "/"))
        manifest.startLimit = .seconds(7)
        var lifecycle = ExtensionLifecycle(manifest)
        let limit = try #require(timer(lifecycle.handle(.begin)))
        #expect(limit.length == .seconds(7))
        if connects { _ = lifecycle.handle(.connected(run: 1)) }
        let actions = lifecycle.handle(.expired(timer: limit.number))
        #expect(actions.contains(.terminate))
        #expect(lifecycle.handle(.expired(timer: try #require(timer(actions)).number)).contains(.kill))
        _ = lifecycle.handle(.ended(run: 1, reason: "it was killed", readyFor: .zero))
        #expect(lifecycle.status.state == .restarting)
        #expect(lifecycle.status.message?.contains("did not announce itself") == true)
    }

    @Test func aRestartInsists() throws {
        var lifecycle = ready(graceSeconds: 5)
        let actions = lifecycle.handle(.restart)
        #expect(actions.contains(.terminate))
        let limit = try #require(timer(actions))
        #expect(limit.length == .seconds(5) + ExtensionLifecycle.margin)
        #expect(lifecycle.handle(.expired(timer: limit.number)).contains(.kill))
        #expect(
            lifecycle.handle(.ended(run: 1, reason: "it was killed", readyFor: .zero)).contains(.start(run: 2)))
        #expect(lifecycle.status.restarts == 1 && lifecycle.status.state == .starting)
    }

    @Test func aStopLeavesTheGrace() throws {
        var lifecycle = ready(graceSeconds: 9)
        let actions = lifecycle.handle(.stop)
        #expect(actions.contains(.shutChannel) && !actions.contains(.terminate))
        #expect(try #require(timer(actions)).length == .seconds(9) + ExtensionLifecycle.margin)
        #expect(lifecycle.handle(.restart).isEmpty)
    }

    @Test func whatAFormerRunSaysIsPassedOver() {
        var lifecycle = ready()
        _ = lifecycle.handle(.restart)
        _ = lifecycle.handle(.ended(run: 1, reason: "it ended", readyFor: .zero))
        #expect(lifecycle.handle(.connected(run: 1)).isEmpty)
        #expect(lifecycle.handle(.announced(run: 1, handlers: ["late"])).isEmpty)
        #expect(lifecycle.status.state == .starting)
        // Nor does a run announce itself that has not connected.
        #expect(lifecycle.handle(.announced(run: 2, handlers: ["a"])).isEmpty)
        _ = lifecycle.handle(.connected(run: 2))
        #expect(lifecycle.handle(.announced(run: 2, handlers: ["a"])).contains(.publish))
    }

    @Test func onlyTheTimeSinceItWasReadyIsAGoodWhile() {
        var lifecycle = ExtensionLifecycle(
            ExtensionManifest(id: "x", command: ["x"], folder: URL(fileURLWithPath: "/")))
        var actions = lifecycle.handle(.begin)
        for run in 1...RestartPolicy.mostEnds {
            actions = lifecycle.handle(.ended(run: run, reason: "it ended", readyFor: .zero))
            if let timer = timer(actions) { _ = lifecycle.handle(.expired(timer: timer.number)) }
        }
        #expect(lifecycle.status.state == .failed)
        #expect(lifecycle.handle(.restart).contains(.start(run: RestartPolicy.mostEnds + 1)))
    }
}
