import Foundation
import Logging
import Testing
import WireFormats

@testable import Extensions

/// Real programs, really started, asked, killed and stopped.
@Suite struct ExtensionHostTests {
    private func isRunning(_ process: Int32) -> Bool {
        kill(process, 0) == 0
    }

    private func fault(_ body: () async throws -> JSONValue) async -> ExtensionHost.CallFault? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? ExtensionHost.CallFault
        }
    }

    @Test func itAnnouncesItsHandlersAndAnswers() async throws {
        let test = try TestExtension()
        await test.wait { $0.state == .ready }
        #expect(test.status.handlers.sorted() == ["die", "echo", "hang", "pid", "refuse"])
        let data: JSONValue = ["text": "né\n\"", "numbers": [1, 2.5, .integer(.max)], "nothing": .null]
        #expect(try await test.ask("echo", data) == data)
        let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for number in 0..<50 { group.addTask { try await test.ask("echo", .integer(Int64(number))) } }
            return try await group.reduce(into: Set<JSONValue>()) { $0.insert($1) }
        }
        #expect(answers.count == 50)
        await test.host.stop()
        #expect(test.status.state == .stopped)
    }

    @Test func whatCannotBeAnsweredSaysWhy() async throws {
        let test = try TestExtension()
        let early = await fault { try await test.ask("echo") }
        if let early { #expect(early.kind == .absent) }
        await test.wait { $0.state == .ready }
        let refused = await fault { try await test.ask("refuse") }
        #expect(refused?.kind == .refused && refused?.message.contains("not with me") == true)
        let unknown = await fault { try await test.ask("other") }
        #expect(unknown?.kind == .unknownMethod && unknown?.message.contains("echo") == true)
        let late = await fault { try await test.ask("hang", timeout: .milliseconds(1)) }
        #expect(late?.kind == .timeout)
        let absent = await fault { try await test.host.call("nobody", "x", .null, timeout: .seconds(1)) }
        #expect(absent?.kind == .absent && absent?.message.contains("test") == true)
        await test.host.stop()
    }

    @Test func onePrintsWhatItLikes() async throws {
        let test = try TestExtension(
            """
            print("first words")
            print('{"type":"response","id":"1","data":"forged"}', flush=True)
            print("complaint", file=sys.stderr)
            os.write(1, b"\\xff\\x1b[31m no text \\x00\\n" + b"x" * 100000 + b"\\n")
            """)
        await test.wait { $0.state == .ready }
        #expect(try await test.ask("echo", 7) == 7)
        await test.host.stop()
        let lines = test.log.lines
        #expect(lines.contains { $0.level == .info && $0.text == "first words" })
        #expect(lines.contains { $0.level == .notice && $0.text == "complaint" })
        #expect(lines.contains { $0.text.hasSuffix("[31m no text ") && !$0.text.contains("\u{1B}") })
        #expect(lines.contains { $0.text.hasSuffix("x …") })
    }

    @Test func aFloodOfOutputIsCut() async throws {
        let test = try TestExtension("for number in range(20000): print(number)")
        await test.wait { $0.state == .ready }
        #expect(try await test.ask("echo", 7) == 7)
        await test.host.stop()
        let (printed, warned) = (
            test.log.lines.filter { Int($0.text) != nil }.count, test.log.lines.filter { $0.text.contains("left out") }
        )
        #expect(printed >= 200 && printed < 20000)
        #expect(!warned.isEmpty)
    }

    @Test func eventsAreHandedOn() async throws {
        let test = try TestExtension(
            """
            @extension.handler("tell")
            def tell(data):
                extension.emit("progress", {"fraction": data})
            """)
        await test.wait { $0.state == .ready }
        _ = try await test.ask("tell", 0.5)
        #expect(await test.event("progress") == ["fraction": 0.5])
        #expect(test.status.droppedEvents == 0)
        await test.host.stop()
    }

    @Test func eventsThatAreTooManyOrTooLargeAreCounted() async throws {
        let test = try TestExtension(
            """
            @extension.handler("flood")
            def flood(data):
                extension.emit("large", "x" * (1 << 16))
                extension.emit("n" * 200)
                for number in range(1000):
                    extension.emit("small", number)
            """)
        await test.wait { $0.state == .ready }
        _ = try await test.ask("flood")
        await test.host.stop()
        // Everything has been taken by now.
        let dropped = test.status.droppedEvents
        #expect(dropped >= 2 && dropped < 1002)
        #expect(test.log.lines.contains { $0.level == .warning && $0.text.contains("event large is not handed on") })
    }

    @Test func namesOfHandlersAreLimited() async throws {
        let test = try TestExtension(
            """
            for number in range(300):
                extension.handler(f"method{number:03}")(echo)
            extension.handler("x" * 129)(echo)
            extension.handler("two\\nlines")(echo)
            """)
        await test.wait { $0.state == .ready }
        #expect(test.status.handlers.count == 256)
        #expect(test.status.handlers.allSatisfy { $0.utf8.count < 20 && !$0.contains("\n") })
        #expect(test.log.lines.contains { $0.level == .warning && $0.text.contains("handlers are left out") })
        await test.host.stop()
    }

    @Test func badLinesAreComplainedOfALimitedNumberOfTimes() async throws {
        let test = try TestExtension(
            """
            @extension.handler("babble")
            def babble(data):
                import socket
                for number in range(500):
                    extension._channel.send_encoded(b"no message")
            """)
        await test.wait { $0.state == .ready }
        _ = try await test.ask("babble")
        await test.host.stop()
        let complaints = test.log.lines.filter { $0.level == .warning }
        #expect(!complaints.isEmpty && complaints.count < 200)
    }

    @Test func oneWhoseChannelEndsIsStartedAgain() async throws {
        let test = try TestExtension(
            """
            stay()

            @extension.handler("leave")
            def leave(data):
                extension.stop()
            """,
            change: { $0.grace = .zero })
        await test.wait { $0.state == .ready }
        let first = try await test.process()
        _ = await fault { try await test.ask("leave") }
        await test.wait { $0.state == .ready && $0.restarts == 1 }
        #expect(test.log.lines.contains { $0.text.contains("its channel ended while its process went on") })
        #expect(try await test.process() != first)
        await test.host.stop()
    }

    @Test func oneThatDoesNotAnnounceItselfIsEnded() async throws {
        let test = try TestExtension(command: ["sh", "-c", "trap '' TERM; while :; do sleep 60; done"]) {
            $0.startLimit = .milliseconds(1)
            $0.grace = .zero
        }
        await test.wait { $0.message?.contains("did not announce itself") == true }
        await test.host.stop()
        #expect(test.status.state == .stopped)
    }

    @Test func itsChannelIsWhereItsEnvironmentSays() async throws {
        let place = try TemporaryFolder()
        let test = try TestExtension(
            """
            @extension.handler("place")
            def place(data):
                return os.environ["XDG_RUNTIME_DIR"]
            """,
            change: { $0.environment["XDG_RUNTIME_DIR"] = place.url.path(percentEncoded: false) })
        await test.wait { $0.state == .ready || $0.state == .restarting }
        #expect(test.status.message == nil)
        #expect(try await test.ask("place") == .string(place.url.path(percentEncoded: false)))
        await test.host.stop()
    }

    @Test func itIsLessUrgentThanTheNode() async throws {
        let test = try TestExtension(
            """
            @extension.handler("urgency")
            def urgency(data):
                return [os.getpriority(os.PRIO_PROCESS, 0), getattr(os, "sched_getscheduler", lambda _: 0)(0)]
            """)
        await test.wait { $0.state == .ready }
        guard case .array(let urgency) = try await test.ask("urgency"), case .integer(let niceness) = urgency[0] else {
            Issue.record("no niceness")
            return
        }
        #expect(niceness >= 10)
        #expect(urgency[1] == 0)
        await test.host.stop()
    }

    @Test func whatRunsMayFinishWhenTheNodeStops() async throws {
        let test = try TestExtension(
            """
            @extension.handler("finish")
            def finish(data):
                extension.emit("begun")
                extension._stopping.wait()
                print("finished in", os.environ["SOUNDPOST_EXTENSION_GRACE"], flush=True)
            """,
            change: { $0.grace = .seconds(50) })
        await test.wait { $0.state == .ready }
        async let answer = fault { try await test.ask("finish") }
        #expect(await test.event("begun") == .null)
        await test.host.stop()
        _ = await answer
        #expect(test.log.lines.contains { $0.text == "finished in 50.0" })
    }

    @Test func oneThatHasLeftItsGroupIsEndedAllTheSame() async throws {
        let test = try TestExtension(
            """
            stay()
            os.setpgid(0, os.getpgid(os.getppid()))
            """,
            change: { $0.grace = .zero })
        await test.wait { $0.state == .ready }
        let process = try await test.process()
        await test.host.stop()
        #expect(!isRunning(process))
    }

    @Test func announcementsWithoutEndAreLimited() async throws {
        let test = try TestExtension(
            """
            @extension.handler("announce")
            def announce(data):
                for number in range(500):
                    extension._channel.ready(["announce", f"other{number}"])
            """)
        await test.wait { $0.state == .ready }
        _ = try? await test.ask("announce")
        await test.host.stop()
        #expect(test.log.lines.filter { $0.text.hasPrefix("ready: ") }.count < 100)
        #expect(test.log.lines.contains { $0.text.contains("announces itself too often") })
    }

    @Test func oneThatDoesNotEndWhenItIsRestartedIsKilled() async throws {
        let test = try TestExtension(
            """
            stay()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            """,
            change: { $0.grace = .zero })
        await test.wait { $0.state == .ready }
        let first = try await test.process()
        try test.host.restart("test")
        await test.wait { $0.state == .ready && $0.restarts == 1 }
        #expect(try await test.process() != first)
        #expect(test.log.lines.contains { $0.text.contains("did not end when asked, and is killed") })
        await test.host.stop()
    }

    @Test func oneThatIsStoppedIsNotRestarted() async throws {
        let test = try TestExtension()
        await test.wait { $0.state == .ready }
        await test.host.stop()
        let fault = #expect(throws: ExtensionHost.CallFault.self) { try test.host.restart("test") }
        #expect(fault?.kind == .stopped && fault?.message.contains("stopping") == true)
        #expect(test.status.state == .stopped)
    }

    @Test func oneThatDiesIsStartedAgain() async throws {
        let test = try TestExtension()
        await test.wait { $0.state == .ready }
        let first = try await test.process()
        let asked = await fault { try await test.ask("die", 3) }
        #expect(asked?.kind == .broken)
        await test.wait { $0.state == .ready && $0.restarts == 1 }
        #expect(test.log.lines.contains { $0.level == .warning && $0.text.contains("status 3") })
        #expect(try await test.process() != first)
        kill(try await test.process(), SIGKILL)
        await test.wait { $0.restarts == 2 }
        #expect(test.log.lines.contains { $0.level == .warning && $0.text.contains("signal 9") })
        await test.wait { $0.state == .ready }
        await test.host.stop()
    }

    @Test func oneThatSomebodyRestartsStartsAnew() async throws {
        let test = try TestExtension()
        await test.wait { $0.state == .ready }
        let first = try await test.process()
        try test.host.restart("test")
        await test.wait { $0.state == .ready && $0.restarts == 1 }
        #expect(try await test.process() != first)
        await test.host.stop()
    }

    @Test(arguments: [["soundpost-no-such-program"], ["/"], ["./program.py"]])
    func aProgramThatCannotBeRunSaysSo(_ command: [String]) async throws {
        let test = try TestExtension(command: command)
        await test.wait { $0.state == .restarting || $0.state == .failed }
        #expect(test.status.message?.contains("cannot be run") == true)
        await test.host.stop()
        #expect(test.status.state == .stopped)
    }

    @Test func stoppingLeavesNothing() async throws {
        // It ignores the request to end, and has a child that does too.
        let test = try TestExtension(
            """
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen([sys.executable, "-c", "import signal; "
                "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"],
                stdout=subprocess.PIPE)
            child.stdout.readline()

            @extension.handler("child")
            def of_child(data):
                return child.pid

            stay()
            """,
            change: { $0.grace = .zero })
        await test.wait { $0.state == .ready }
        let process = try await test.process()
        let answer = try await test.ask("child")
        guard case .integer(let child) = answer else {
            Issue.record("\(answer) is no process")
            return
        }
        #expect(isRunning(process) && isRunning(Int32(child)))
        await test.host.stop()
        #expect(!isRunning(process))
        // Killed, but nobody may have taken its status yet.
        while isRunning(Int32(child)), !Self.isZombie(Int32(child)) { await Task.yield() }
    }

    private static func isZombie(_ process: Int32) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return status?.contains(") Z ") ?? true
    }
}
