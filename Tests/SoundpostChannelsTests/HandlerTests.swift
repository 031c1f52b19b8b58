import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

/// Handlers, answers and endings on every kind.
@Suite struct HandlerTests {
    typealias Kind = ChannelPair.Kind

    @Test(arguments: Kind.allCases)
    func whatCameBeforeAHandlerGoesToIt(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        pair.server.handle("first") { $0 }
        for number in 0..<3 { try pair.client.emit("e", .integer(Int64(number))) }
        // Once this is answered the events are there.
        #expect(try await pair.client.ask("first", 7) == 7)
        let came = Collector(count: 4)
        pair.server.onMessage { came.add($0.data) }
        try pair.client.emit("e", 3)
        #expect(try await onThread { came.wait() } == [0, 1, 2, 3])
    }

    @Test(arguments: Kind.allCases)
    func aRequestThatCameBeforeItsHandlerIsAnswered(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        async let early = pair.client.ask("late")
        // Reads the request without taking it.
        try await onThread { () throws in
            while pair.server.metrics.messagesReceived == 0 {
                #expect(throws: ChannelError.self) { try pair.server.request("nobody", timeout: .milliseconds(1)) }
            }
        }
        pair.server.handle(["late": { _ in 5 }, "other": { _ in 6 }])
        #expect(try await early == 5)
    }

    @Test(arguments: Kind.allCases)
    func anUnknownMethodIsRefusedByTheChannelItself(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        pair.server.handle("known") { $0 }
        let failure = await #expect(throws: Message.Failure.self) { try await pair.client.ask("unknown") }
        #expect(failure?.code == Message.Failure.unknownMethod)
        #expect(failure?.message.contains("'unknown'") == true)
        // Who receives gets it instead.
        #expect(try pair.server.tryReceive() == nil)
        async let answer = pair.client.ask("unknown")
        try await onThread { try pair.server.respond(to: try pair.server.receive(), 9) }
        #expect(try await answer == 9)
    }

    /// An end that only answers goes on answering, whatever else comes.
    @Test(arguments: Kind.allCases)
    func eventsThatNobodyReceivesDoNotHoldUpRequests(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 10))
        pair.server.handle("known") { $0 }
        async let sent: Void = onThread { () throws in
            for _ in 0..<1000 { try pair.client.emit("level") }
        }
        try await sent
        #expect(try await pair.client.ask("known", 1) == 1)
        #expect(pair.server.metrics.dropped == 990)
        #expect(pair.server.metrics.queueLength == 10)
    }

    /// Where somebody receives, the other end waits instead.
    @Test(arguments: Kind.allCases)
    func nothingIsGivenUpWhereSomebodyReceives(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 10))
        pair.server.handle("known") { $0 }
        #expect(try pair.server.tryReceive() == nil)
        async let sent: Void = onThread { () throws in
            for number in 0..<1000 { try pair.client.sendJSON(.integer(Int64(number))) }
        }
        try await onThread { () throws in
            for number in 0..<1000 { #expect(try pair.server.receive().data == .integer(Int64(number))) }
        }
        try await sent
        #expect(pair.server.metrics.dropped == 0)
    }

    @Test(arguments: Kind.allCases)
    func aHandlerMayAskTheOneWhoAskedIt(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        pair.client.handle("inner") { .array([$0, 2]) }
        let server = pair.server
        server.handle("outer") { [weak server] data in
            guard let server else { return .null }
            return .array([try server.request("inner", data), 3])
        }
        #expect(try await pair.client.ask("outer", 1) == [[1, 2], 3])
    }

    /// More than fits on the way, in both directions at once.
    @Test(arguments: Kind.allCases)
    func longAnswersInBothDirectionsDoNotStopEachOther(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 64))
        let long = JSONValue.string(String(repeating: "x", count: 300_000))
        for end in [pair.client, pair.server] { end.handle("echo") { $0 } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for end in [pair.client, pair.server] {
                for _ in 0..<4 {
                    group.addTask {
                        try await onThread { () throws in
                            for _ in 0..<10 {
                                let isSame = try end.request("echo", long) == long
                                #expect(isSame)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Kind.allCases)
    func aShutdownWaitsForAnswersAndRefusesWhatComesLater(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let (isAsked, mayAnswer) = (Promise<Void>(), Promise<Void>())
        pair.server.handle("slow") { data in
            isAsked.set(())
            mayAnswer.wait()
            return data
        }
        let asked = (1...3).map { number in { @Sendable in try await pair.client.ask("slow", .integer(Int64(number))) }
        }
        let first = Task(operation: asked[0])
        try await onThread { isAsked.wait() }
        // A pair of threads shares its shutdown, so its other end asks nothing more either.
        guard kind != .thread else {
            pair.server.shutdown()
            mayAnswer.set(())
            #expect(try await first.value == 1)
            return
        }
        let second = Task(operation: asked[1])
        try await onThread {
            while pair.server.metrics.messagesReceived < 2 { sched_yield() }
            // It came before the shutdown, so it holds a guard as well.
            #expect(pair.server.core.shutdown.operations == 2)
            pair.server.shutdown()
        }
        let third = Task(operation: asked[2])
        try await onThread {
            while pair.server.metrics.messagesReceived < 3 { sched_yield() }
        }
        mayAnswer.set(())
        #expect(try await first.value == 1)
        #expect(try await second.value == 2)
        let failure = await #expect(throws: Message.Failure.self) { try await third.value }
        #expect(failure?.code == Message.Failure.leaving)
        try await onThread { () throws in
            try pair.server.waitForDrain(timeout: .seconds(60))
            let end = #expect(throws: ChannelError.self) { try pair.client.receive() }
            #expect(end?.code == .disconnected)
        }
    }

    /// The other end has said that it sends nothing more; what it asked before is answered.
    @Test(arguments: Kind.allCases)
    func whoEndsFirstStillGetsAnswers(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(shutdown: nil))
        let mayAnswer = Promise<Void>()
        pair.server.handle("slow") { data in
            mayAnswer.wait()
            return data
        }
        for number in 0..<3 {
            try pair.client.send(
                Message(.request, id: "mine \(number)", method: "slow", data: .integer(Int64(number))))
        }
        try await onThread { () throws in
            while pair.server.metrics.messagesReceived < 3 { sched_yield() }
            pair.client.shutdown()
            mayAnswer.set(())
            for number in 0..<3 { #expect(try pair.client.receive().id == "mine \(number)") }
            let end = #expect(throws: ChannelError.self) { try pair.client.receive() }
            #expect(end?.code == .disconnected)
        }
    }

    @Test(arguments: Kind.allCases.filter { $0 != .thread })
    func aTaskMayAnswerWhatItTookWhenTheOtherEndHasEnded(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let server = pair.server
        let echo = Task {
            for try await message in server.messages { try server.send(message) }
        }
        for number in 0..<500 { try pair.client.sendJSON(.integer(Int64(number))) }
        pair.client.shutdown()
        try await onThread { () throws in
            for number in 0..<500 { #expect(try pair.client.receive().data == .integer(Int64(number))) }
            #expect(throws: ChannelError.self) { try pair.client.receive() }
        }
        try await echo.value
    }

    // MARK: Time-outs

    /// One thread waits for room with a message that does not fit; another one's time is up all the same.
    @Test(arguments: Kind.allCases)
    func aTimeoutCoversTheWaitForOthersThatSend(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 1))
        let long = JSONValue.string(String(repeating: "x", count: 12 << 20))
        async let blocked: ChannelError? = onThread {
            do throws(ChannelError) {
                while true { try pair.client.sendJSON(long) }
            } catch {
                return error
            }
        }
        try await onThread { () throws in
            for _ in 0..<3 {
                let error = #expect(throws: ChannelError.self) {
                    try pair.client.request("m", timeout: .milliseconds(20))
                }
                #expect(error?.code == .timeout)
            }
        }
        pair.client.close()
        #expect(try await blocked?.code == .disconnected)
    }

    /// What was begun goes on before the next message, so both come whole.
    @Test(arguments: Kind.allCases.filter { $0 != .thread })
    func whatATimeoutCutsShortIsCompletedByTheNextMessage(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let long = JSONValue.string(String(repeating: "x", count: 12 << 20))
        try await onThread { () throws in
            let error = #expect(throws: ChannelError.self) {
                try pair.client.request("long", long, timeout: .milliseconds(20))
            }
            #expect(error?.code == .timeout)
            // Still no room.
            #expect(throws: ChannelError.self) { try pair.client.request("never", timeout: .milliseconds(1)) }
        }
        async let sent: Void = onThread { try pair.client.sendJSON("last") }
        try await onThread { () throws in
            let first = try pair.server.receive()
            let isWhole = first.method == "long" && first.data == long
            #expect(isWhole)
            #expect(try pair.server.receive().data == "last")
        }
        try await sent
    }

    // MARK: Ends

    /// An end that only its own handlers refer to closes when they are let go of.
    @Test(arguments: Kind.allCases)
    func aChannelThatItsHandlersAloneHoldEnds(_ kind: Kind) async throws {
        let isGone = Promise<Void>()
        var pair: ChannelPair? = try ChannelPair(kind)
        let client = try #require(pair?.client)
        do {
            let server = try #require(pair?.server)
            let witness = Witness(isGone)
            server.handle([
                "m": { _ in
                    witness.look()
                    return .string(server.name)
                }
            ])
            server.handle([
                "m": { _ in .string(server.name + "again") },
                "n": { _ in
                    witness.look()
                    return .string(server.name)
                },
            ])
            server.onMessage { _ in _ = server.name }
            server.wakeAfterSending(ChannelWaker(channel: server))
        }
        pair = nil
        #expect(try await client.ask("n") != .null)
        client.close()
        try await onThread { isGone.wait() }
    }

    /// Who receives may be the one who asks.
    @Test(arguments: Kind.allCases)
    func anAnswerIsFoundBehindWhatTheAskerHasNotTaken(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 10))
        async let first: Message? = {
            for try await message in pair.server.messages { return message }
            return nil
        }()
        try pair.client.emit("ready")
        #expect(try await first?.event == "ready")
        async let answer = pair.server.ask("q")
        try await onThread { () throws in
            let question = try pair.client.receive()
            for _ in 0..<100 { try pair.client.emit("level") }
            try pair.client.respond(to: question, 5)
        }
        #expect(try await answer == 5)
        #expect(pair.server.metrics.dropped > 0)
    }

    /// The policy is for what the user sends; an asker gets its answer.
    @Test(arguments: Kind.allCases, [BackPressure.fail, .dropOldest])
    func answersWaitForRoomWhateverThePolicy(_ kind: Kind, _ policy: BackPressure) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(backPressure: policy, capacity: 4))
        let long = JSONValue.string(String(repeating: "x", count: 1 << 20))
        pair.server.handle("long") { _ in long }
        for number in 0..<8 {
            let request = Message(.request, id: "mine \(number)", method: "long")
            while true {
                do throws(ChannelError) {
                    try pair.client.send(request)
                    break
                } catch {
                    guard error.code == .sendFailed, policy == .fail else { throw error }
                    sched_yield()
                }
            }
            // A request that waits is given up for the next under one of the policies. As many as go to the queue, the
            // handler and its backlog.
            try await onThread { while pair.server.metrics.messagesReceived <= number { sched_yield() } }
        }
        try await onThread { () throws in
            for number in 0..<8 { #expect(try pair.client.receive().id == "mine \(number)") }
        }
    }

    /// Two who receive: one is told of the end while the other still answers.
    @Test(arguments: Kind.allCases)
    func whoTookARequestMayAnswerAfterAnotherWasToldOfTheEnd(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        // A pair of threads shares its shutdown, so it ends by `finish` alone.
        try pair.client.send(Message(.request, id: "mine", method: "m"))
        try await onThread { () throws in
            let request = try pair.server.receive()
            pair.client.core.transport.finish()
            #expect(throws: ChannelError.self) { try pair.server.receive() }
            try pair.server.respond(to: request, 3)
            #expect(try pair.client.receive().data == 3)
            #expect(throws: ChannelError.self) { try pair.client.receive() }
        }
    }

    @Test(arguments: Kind.allCases)
    func handlersAndWakersAreLetGoOfAtTheEnd(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let isGone = [Promise<Void>(), Promise<Void>(), Promise<Void>()]
        for (number, promise) in isGone.enumerated() {
            let server = pair.server
            let witness = Witness(promise)
            switch number {
            case 0:
                server.handle("m") { _ in
                    witness.look()
                    return .string(server.name)
                }
            case 1:
                server.onMessage { _ in
                    witness.look()
                    _ = server.name
                }
            default: server.wakeOnArrival(WitnessWaker(witness: witness))
            }
        }
        pair.client.close()
        try await onThread { for promise in isGone { promise.wait() } }
    }

    /// Who drains is told when something was not handed over.
    @Test(arguments: Kind.allCases)
    func aDrainThatLosesMessagesSaysSo(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(backPressure: .fail))
        let long = JSONValue.string(String(repeating: "x", count: 1 << 20))
        for _ in 0..<20 { try pair.client.sendJSON(long) }
        pair.server.close()
        try await onThread { () throws in
            let error = #expect(throws: ChannelError.self) { try pair.client.waitForDrain() }
            #expect(error?.code == .disconnected)
        }
    }

    @Test func aCapacityIsOneAtLeast() async throws {
        for capacity in [0, -5, Int.min] {
            #expect(ChannelOptions(capacity: capacity).capacity == 1)
            var options = ChannelOptions()
            options.capacity = capacity
            #expect(options.capacity == 1)
            let channel = try Channel.thread("narrow", options)
            try channel.sendJSON(1)
            #expect(try await onThread { try channel.receive().data } == 1)
        }
    }
}

/// Says when nobody refers to it any more.
private final class Witness: Sendable {
    private let isGone: Promise<Void>

    init(_ isGone: Promise<Void>) {
        self.isGone = isGone
    }

    deinit {
        isGone.set(())
    }

    func look() {}
}

private struct WitnessWaker: Waker {
    let witness: Witness

    func wake() {
        witness.look()
    }
}

private struct ChannelWaker: Waker {
    let channel: Channel

    func wake() {
        _ = channel.name
    }
}

/// What several calls bring.
private final class Collector: @unchecked Sendable {
    // Unchecked: only touched under the lock.
    private let lock = NSLock()
    private var values: [JSONValue] = []
    private let count: Int
    private let all = Promise<[JSONValue]>()

    init(count: Int) {
        self.count = count
    }

    func add(_ value: JSONValue) {
        lock.withLock {
            values.append(value)
            if values.count == count { all.set(values) }
        }
    }

    func wait() -> [JSONValue] { all.wait() }
}
