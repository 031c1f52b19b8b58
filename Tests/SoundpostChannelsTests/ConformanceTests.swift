import Foundation
import Synchronization
import Testing
import WireFormats

@testable import SoundpostChannels

/// What every kind of channel has to do, whatever carries its messages.
@Suite struct ConformanceTests {
    typealias Kind = ChannelPair.Kind

    private static func number(_ message: Message) -> Int64? {
        guard case .integer(let number) = message.data else { return nil }
        return number
    }

    @Test(arguments: Kind.allCases)
    func messagesArriveInOrder(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let count: Int64 = 20_000
        async let sent: Void = onThread { () throws in
            for number in 0..<count { try pair.client.sendJSON(.integer(number)) }
        }
        try await onThread { () throws in
            for number in 0..<count {
                let message = try pair.server.receive()
                guard Self.number(message) == number else {
                    Issue.record("\(message) where \(number) was due")
                    return
                }
            }
        }
        try await sent
        #expect(pair.client.metrics.messagesSent == Int(count))
        #expect(pair.server.metrics.messagesReceived == Int(count))
    }

    @Test(arguments: Kind.allCases)
    func everySizeArrivesWhole(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let around = [16_384, 32_768, 65_536, 2 << 20]
        let limit = Message.maximumBytes - (try Message(.data, data: "").encoded().count)
        let sizes = Array(0...40) + around.flatMap { [$0 - 40, $0 - 33, $0 - 9, $0 - 8, $0 - 1, $0, $0 + 1] } + [limit]
        async let sent: Void = onThread { () throws in
            for size in sizes { try pair.client.sendJSON(.string(Self.pattern(size))) }
        }
        try await onThread { () throws in
            for size in sizes {
                guard case .string(let text) = try pair.server.receive().data else {
                    Issue.record("no text of \(size) bytes")
                    return
                }
                // One comparison: to show two long texts would take minutes.
                let isSame = text == Self.pattern(size)
                #expect(isSame, "size \(size)")
            }
        }
        try await sent
    }

    private static func pattern(_ size: Int) -> String {
        // An odd length, so that parts that changed their places show.
        let part = "the quick brown fox jumps over the lazy dog; 0123456789 +-*/ äöü "
        return String(String(repeating: part, count: size / part.utf8.count + 1).utf8.prefix(size))
            ?? String(repeating: "x", count: size)
    }

    @Test(arguments: Kind.allCases)
    func whatIsTooLongIsRefusedAndTheChannelGoesOn(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let long = JSONValue.string(String(repeating: "x", count: Message.maximumBytes))
        let error = #expect(throws: ChannelError.self) { try pair.client.sendJSON(long) }
        #expect(error?.code == .sendFailed)
        let encoded = #expect(throws: ChannelError.self) {
            try pair.client.send(encoded: [UInt8](repeating: 32, count: Message.maximumBytes + 1))
        }
        #expect(encoded?.code == .sendFailed)
        try pair.client.sendJSON(1)
        #expect(try await onThread { try pair.server.receive().data } == 1)
    }

    @Test(arguments: Kind.allCases)
    func whatJSONCannotSayIsRefusedAndTheChannelGoesOn(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        var deep = JSONValue.null
        for _ in 0..<Message.maximumDepth - 1 { deep = [deep] }
        try pair.client.sendJSON(deep)
        for data in [JSONValue.number(.nan), ["x": [.number(.infinity)]], [deep], ["x": deep]] {
            let error = #expect(throws: ChannelError.self) { try pair.client.sendJSON(data) }
            #expect(error?.code == .serialization)
        }
        let failure = Message.Failure(code: 1, message: "", data: .number(.nan))
        #expect(throws: ChannelError.self) { try pair.client.send(Message(.response, id: "a", error: failure)) }
        #expect(try await onThread { try pair.server.receive().data } == deep)
        try pair.client.sendJSON(1)
        #expect(try await onThread { try pair.server.receive().data } == 1)
    }

    @Test(arguments: Kind.allCases)
    func encodedMessagesAreMessages(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        try pair.client.send(encoded: Array(#"{"type":"event","event":"e","data":{"x":1}}"#.utf8))
        #expect(try await onThread { try pair.server.receive() } == Message(.event, event: "e", data: ["x": 1]))
    }

    @Test(arguments: Kind.allCases)
    func oneBadMessageIsOneErrorAndTheNextOneComes(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        try pair.client.send(encoded: Array("{not json".utf8))
        try pair.client.sendJSON(2)
        try await onThread { () throws in
            let error = #expect(throws: ChannelError.self) { try pair.server.receive() }
            #expect(error?.code == .serialization)
            #expect(error?.channel == pair.server.name)
            #expect(try pair.server.receive().data == 2)
        }
        #expect(pair.server.metrics.errors == 1)
    }

    @Test(arguments: Kind.allCases)
    func answersFindTheirRequestsAmongManyThreads(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        pair.server.handle("double") { data in
            guard case .integer(let number) = data else {
                throw Message.Failure(code: Message.Failure.badData, message: "no")
            }
            return .integer(number * 2)
        }
        // Both ends ask at the same time.
        pair.client.handle("negate") { data in
            guard case .integer(let number) = data else {
                throw Message.Failure(code: Message.Failure.badData, message: "no")
            }
            return .integer(-number)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for asker in 0..<8 {
                group.addTask {
                    try await onThread { () throws in
                        for number in 0..<200 {
                            let value = Int64(asker * 1000 + number)
                            let (method, expected) = asker % 2 == 0 ? ("double", value * 2) : ("negate", -value)
                            let channel = asker % 2 == 0 ? pair.client : pair.server
                            let answer = try channel.request(method, .integer(value), timeout: .seconds(60))
                            #expect(answer == .integer(expected))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(pair.client.metrics.latency?.requests == 800)
    }

    @Test(arguments: Kind.allCases)
    func threadsThatAskReadForEachOther(_ kind: Kind) async throws {
        // Nobody has a thread that reads: the askers take turns.
        let pair = try ChannelPair(kind)
        async let served: Void = onThread { () throws in
            for _ in 0..<800 {
                let request = try pair.server.receive()
                try pair.server.respond(to: request, request.data)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for asker in 0..<4 {
                group.addTask {
                    try await onThread { () throws in
                        for number in 0..<200 {
                            let value = JSONValue.integer(Int64(asker * 1000 + number))
                            #expect(try pair.client.request("echo", value, timeout: .seconds(60)) == value)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await served
    }

    @Test(arguments: Kind.allCases)
    func tasksAskAndIterate(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let serving = Task {
            for try await message in pair.server.messages where message.kind == .request {
                try pair.server.respond(to: message, message.data)
            }
        }
        let total = try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for number in 0..<100 { group.addTask { try await pair.client.ask("echo", .integer(Int64(number))) } }
            return try await group.reduce(0) { $0 + (Self.number(Message(.data, data: $1)) ?? 0) }
        }
        #expect(total == 4950)
        pair.client.close()
        try await serving.value
    }

    @Test(arguments: Kind.allCases)
    func failuresReachTheAsker(_ kind: Kind) async throws {
        struct Odd: Error {}
        let pair = try ChannelPair(kind)
        pair.server.handle("refuse") { _ in throw Message.Failure(code: 5, message: "not today", data: ["x": 1]) }
        pair.server.handle("break") { _ in throw Odd() }
        pair.server.handle("endless") { _ in .number(.infinity) }
        let refusal = await #expect(throws: Message.Failure.self) { try await pair.client.ask("refuse") }
        #expect(refusal == Message.Failure(code: 5, message: "not today", data: ["x": 1]))
        let broken = await #expect(throws: Message.Failure.self) { try await pair.client.ask("break") }
        #expect(broken?.code == Message.Failure.handlerFailed)
        // A thread channel hands values over, encoded or not.
        if kind != .thread {
            let endless = await #expect(throws: Message.Failure.self) { try await pair.client.ask("endless") }
            #expect(endless?.code == Message.Failure.handlerFailed)
        }
    }

    @Test(arguments: Kind.allCases)
    func pingIsAnsweredWhileTheOtherEndReceives(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        pair.server.onMessage { _ in }
        #expect(try await onThread { try pair.client.ping() } > .zero)
    }

    @Test(arguments: Kind.allCases)
    func nothingComingIsATimeoutAndTheAnswerOfAnOldQuestionGoesToNobody(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        try await onThread { () throws in
            let nothing = #expect(throws: ChannelError.self) { try pair.server.receive(timeout: .zero) }
            #expect(nothing?.code == .timeout)
            #expect(try pair.server.tryReceive() == nil)
            #expect(throws: ChannelError.self) { try pair.client.request("late", timeout: .milliseconds(1)) }
            let question = try pair.server.receive()
            try pair.server.respond(to: question, "too late")
            try pair.server.sendJSON("next")
            #expect(try pair.client.receive().data == "next")
        }
    }

    @Test(arguments: Kind.allCases)
    func responsesThatNobodyAskedForAreDelivered(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let stray = Message(.response, id: "elsewhere", data: 3)
        try pair.server.send(stray)
        #expect(try await onThread { try pair.client.receive() } == stray)
    }

    @Test(arguments: Kind.allCases)
    func shutdownDeliversWhatWasAcceptedAndRefusesTheRest(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        for number in 0..<100 { try pair.client.sendJSON(.integer(Int64(number))) }
        pair.client.shutdown()
        #expect(pair.client.isShutdown)
        let refused = #expect(throws: ChannelError.self) { try pair.client.sendJSON(1) }
        #expect(refused?.code == .shuttingDown)
        try await onThread { () throws in
            for number in 0..<100 { #expect(Self.number(try pair.server.receive()) == Int64(number)) }
            let end = #expect(throws: ChannelError.self) { try pair.server.receive() }
            #expect(end?.code == .disconnected)
            try pair.client.waitForDrain(timeout: .seconds(60))
            // The other end ended its direction in turn.
            let back = #expect(throws: ChannelError.self) { try pair.client.receive() }
            #expect(back?.code == .disconnected)
        }
    }

    @Test(arguments: Kind.allCases)
    func drainWaitsForRequestsUnderWay(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        async let answer: ChannelError? = onThreadResult { Message(.data, data: try pair.client.request("slow")) }
        try await onThread { () throws in
            let request = try pair.server.receive()
            pair.client.shutdown()
            if kind == .thread {
                // A pair shares its shutdown: this end accepts nothing new either, so the question ends.
                #expect(throws: ChannelError.self) { try pair.server.respond(to: request, 1) }
                pair.server.close()
            } else {
                let early = #expect(throws: ChannelError.self) { try pair.client.waitForDrain(timeout: .zero) }
                #expect(early?.code == .timeout)
                try pair.server.respond(to: request, 1)
            }
        }
        if kind == .thread {
            let end = await answer
            #expect(end?.code == .disconnected)
        } else {
            let end = await answer
            #expect(end == nil)
        }
        try await onThread { try pair.client.waitForDrain(timeout: .seconds(60)) }
    }

    @Test func channelsThatShareAShutdownEndTogether() async throws {
        let shutdown = ShutdownState()
        var options = ChannelOptions()
        options.shutdown = shutdown
        let pairs = try [Kind.localSocket, .sharedMemory].map { try ChannelPair($0, options) }
        let other = try ChannelPair(.localSocket)
        shutdown.shutdown()
        for pair in pairs {
            #expect(pair.client.isShutdown && pair.server.isShutdown)
            #expect(throws: ChannelError.self) { try pair.client.sendJSON(1) }
        }
        #expect(!other.client.isShutdown)
        try other.client.sendJSON(1)
        // One that is made afterwards is shut down from the start.
        let late = try ChannelPair(.thread, options)
        #expect(throws: ChannelError.self) { try late.client.sendJSON(1) }
        #expect(await onThreadResult { try late.server.receive() }?.code == .disconnected)
    }

    private func onThreadResult(_ body: @escaping @Sendable () throws -> Message) async -> ChannelError? {
        do {
            _ = try await onThread(body)
            return nil
        } catch {
            return error as? ChannelError
        }
    }

    @Test(arguments: Kind.allCases)
    func closingWakesWhoeverWaits(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let started = Promise<Void>()
        async let received: ChannelError? = onThreadResult {
            started.set(())
            return try pair.server.receive()
        }
        async let asked: ChannelError? = onThreadResult {
            Message(.data, data: try pair.server.request("never"))
        }
        let asking = Task { try await pair.server.ask("never") }
        try await onThread { () throws in
            started.wait()
            // All three questions are there.
            _ = try pair.client.receive()
            _ = try pair.client.receive()
        }
        pair.server.close()
        #expect(await received?.code == .disconnected)
        #expect(await asked?.code == .disconnected)
        await #expect(throws: ChannelError.self) { try await asking.value }
        #expect(await onThreadResult { try pair.client.receive() }?.code == .disconnected)
        pair.server.close()
    }

    @Test(arguments: Kind.allCases)
    func closingWakesWhoWaitsForRoom(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 4))
        let text = JSONValue.string(String(repeating: "x", count: 10_000))
        let counting = Counter()
        async let end: ChannelError? = onThreadResult {
            while true {
                try pair.client.sendJSON(text)
                counting.add()
            }
        }
        // It has stopped: nobody takes anything, and the room of every kind is less than this many.
        try await onThread { counting.waitFor(1) }
        pair.client.close()
        let code = await end?.code
        #expect(code == .disconnected)
    }

    @Test(arguments: Kind.allCases)
    func aFullChannelFailsWhenToldSo(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(backPressure: .fail, capacity: 3))
        let text = JSONValue.string(String(repeating: "x", count: 1 << 20))
        // Rings and sockets take some before the queue in front of them fills.
        let error = #expect(throws: ChannelError.self) {
            for _ in 0..<100_000 { try pair.client.sendJSON(text) }
        }
        #expect(error?.code == .sendFailed)
        // What was accepted still comes, and then there is room again.
        let accepted = pair.client.metrics.messagesSent
        try await onThread { () throws in
            for _ in 0..<accepted { #expect(try pair.server.receive().data == text) }
        }
        try pair.client.sendJSON(1)
        #expect(try await onThread { try pair.server.receive().data } == 1)
    }

    @Test(arguments: Kind.allCases)
    func theOldestGivesWayWhenToldSo(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(backPressure: .dropOldest, capacity: 3))
        let text = String(repeating: "x", count: 1 << 20)
        let count = 40
        for number in 0..<count { try pair.client.sendJSON([.integer(Int64(number)), .string(text)]) }
        try pair.client.sendJSON("last")
        let numbers: [Int64] = try await onThread {
            var numbers: [Int64] = []
            while case .array(let parts) = try pair.server.receive().data, case .integer(let number) = parts.first {
                numbers.append(number)
            }
            return numbers
        }
        let dropped = pair.client.metrics.dropped
        #expect(dropped > 0)
        #expect(numbers.count == count - dropped)
        #expect(numbers == numbers.sorted())
        #expect(numbers.last == Int64(count - 1))
    }

    @Test(arguments: Kind.allCases)
    func aSlowReaderMakesTheSenderWaitAndNothingIsLost(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind, ChannelOptions(capacity: 8))
        let count = 400
        let text = JSONValue.string(String(repeating: "x", count: 50_000))
        async let sending: Void = onThread { () throws in
            for _ in 0..<count { try pair.client.sendJSON(text) }
        }
        try await onThread { () throws in
            for _ in 0..<count { #expect(try pair.server.receive().data == text) }
        }
        try await sending
        #expect(pair.client.metrics.dropped == 0)
    }

    @Test(arguments: Kind.allCases)
    func cancellingATaskEndsItsWaitAndTheChannelGoesOn(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        let listening = Task { () throws -> Int in
            var count = 0
            for try await _ in pair.server.messages { count += 1 }
            return count
        }
        let asking = Task { try await pair.server.ask("never") }
        _ = try await onThread { try pair.client.receive() }
        listening.cancel()
        asking.cancel()
        #expect(try await listening.value == 0)
        await #expect(throws: CancellationError.self) { try await asking.value }
        try pair.client.sendJSON(1)
        var iterator = pair.server.messages.makeAsyncIterator()
        #expect(try await iterator.next()?.data == 1)
    }

    @Test(arguments: Kind.allCases)
    func handlersGetWhatCameBeforeThem(_ kind: Kind) async throws {
        let pair = try ChannelPair(kind)
        try pair.client.sendJSON(1)
        try pair.client.sendJSON(2)
        // Both are read on the way to the answer, and kept.
        try pair.client.send(Message(.response, id: "#1", data: 0))
        _ = try await onThread { try pair.server.request("x", timeout: .seconds(60)) }
        let all = Promise<[Int64]>()
        let numbers = Mutex<[Int64]>([])
        pair.server.onMessage { message in
            let now = numbers.withLock {
                $0.append(Self.number(message) ?? -1)
                return $0
            }
            if now.count == 3 { all.set(now) }
        }
        try pair.client.sendJSON(3)
        #expect(try await onThread { all.wait() } == [1, 2, 3])
    }

    @Test(arguments: Kind.allCases)
    func aChannelThatNobodyHoldsIsClosed(_ kind: Kind) async throws {
        var pair: ChannelPair? = try ChannelPair(kind)
        let client = try #require(pair?.client)
        pair?.server.onMessage { _ in }
        pair = nil
        #expect(await onThreadResult { try client.receive() }?.code == .disconnected)
    }
}

/// Counts up in one thread, waited for in another.
final class Counter: @unchecked Sendable {
    // Unchecked: the number is only touched under the condition's lock.
    private let condition = NSCondition()
    private var count = 0

    func add() {
        condition.lock()
        count += 1
        condition.broadcast()
        condition.unlock()
    }

    func waitFor(_ number: Int) {
        condition.lock()
        while count < number { condition.wait() }
        condition.unlock()
    }
}
