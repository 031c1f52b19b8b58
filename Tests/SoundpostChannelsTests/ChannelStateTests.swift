import Testing
import WireFormats

@testable import SoundpostChannels

/// Who gets what comes in, without threads or time.
@Suite struct ChannelStateTests {
    private let ended = ChannelError(.disconnected, channel: "c", "over")

    private func isKept(_ delivery: ChannelState.Delivery) -> Bool {
        if case .kept = delivery { true } else { false }
    }

    private func isDropped(_ delivery: ChannelState.Delivery) -> Bool {
        if case .drop = delivery { true } else { false }
    }

    private func isWork(_ delivery: ChannelState.Delivery) -> Bool {
        if case .work = delivery { true } else { false }
    }

    private func answer(_ work: ChannelState.Work?) -> Message? {
        if case .answer(let message) = work { message } else { nil }
    }

    private func request(_ method: String?) -> Message {
        Message(.request, id: "1", method: method)
    }

    @Test func messagesAreKeptAndTakenInTheirOrder() throws {
        var state = ChannelState(capacity: 5000)
        for number in 0..<5000 { #expect(isKept(state.arrived(Message(.data, data: .integer(Int64(number)))))) }
        #expect(state.waiting == 5000)
        for number in 0..<5000 { #expect(try state.take()?.get().data == .integer(Int64(number))) }
        #expect(state.take() == nil)
        #expect(state.waiting == 0 && state.dropped == 0)
    }

    @Test func anAnswerGoesToItsQuestionOnce() {
        var state = ChannelState(capacity: 10)
        let id = state.newID()
        #expect(id != state.newID())
        state.ask(request("m"), id, .thread)
        guard case .answered = state.arrived(Message(.response, id: id, data: 1)) else {
            Issue.record("the answer went elsewhere")
            return
        }
        #expect(state.takeAnswer(to: id)?.data == 1)
        #expect(state.takeAnswer(to: id) == nil)
        // A second answer is anybody's.
        #expect(isKept(state.arrived(Message(.response, id: id))))
    }

    @Test func anAnswerOfAnotherKindIsNone() {
        var state = ChannelState(capacity: 10)
        state.ask(Message(.ping, id: "p"), "p", .thread)
        state.ask(request("m"), "r", .thread)
        #expect(isKept(state.arrived(Message(.response, id: "p"))))
        #expect(isDropped(state.arrived(Message(.pong, id: "r"))))
        #expect(state.takeAnswer(to: "p") == nil && state.takeAnswer(to: "r") == nil)
        _ = state.arrived(Message(.pong, id: "p"))
        _ = state.arrived(Message(.response, id: "r"))
        #expect(state.takeAnswer(to: "p")?.kind == .pong && state.takeAnswer(to: "r")?.kind == .response)
    }

    @Test func theAnswerOfWhoGaveUpGoesToNobodyOnce() {
        var state = ChannelState(capacity: 10)
        state.ask(request("m"), "a", .thread)
        #expect(state.giveUp("a") == nil)
        #expect(isDropped(state.arrived(Message(.response, id: "a"))))
        #expect(isKept(state.arrived(Message(.response, id: "a"))))
        // Of those who gave up the last thousand are known.
        for number in 0..<2000 {
            state.ask(request("m"), String(number), .thread)
            _ = state.giveUp(String(number))
        }
        #expect(isKept(state.arrived(Message(.response, id: "0"))))
        #expect(isDropped(state.arrived(Message(.response, id: "1999"))))
    }

    @Test func pingsAreAnsweredAndPongsThatNobodyAskedForDropped() {
        var state = ChannelState(capacity: 2)
        #expect(isWork(state.arrived(Message(.ping, id: "7", data: [1]))))
        #expect(isWork(state.arrived(Message(.ping, id: "8"))))
        // More than can be answered.
        #expect(isDropped(state.arrived(Message(.ping, id: "9"))))
        #expect(answer(state.takeWork()) == Message(.pong, id: "7", data: [1]))
        #expect(answer(state.takeWork()) == Message(.pong, id: "8"))
        #expect(state.takeWork() == nil)
        #expect(isDropped(state.arrived(Message(.pong, id: "7"))))
        #expect(isDropped(state.arrived(Message(.pong))))
        #expect(isKept(state.arrived(Message(.response))))
        #expect(state.waiting == 1)
    }

    @Test func handlersGoBeforeTheInbox() throws {
        var state = ChannelState(capacity: 10)
        state.hasReceiver = true
        state.setHandlers(of: ["m": { $0.answer(2) }]) { true }
        #expect(isWork(state.arrived(request("m"))))
        guard case .call(let handler, let asked) = state.takeWork() else {
            Issue.record("no call")
            return
        }
        #expect(try handler(asked) == Message(.response, id: "1", data: 2))
        #expect(isKept(state.arrived(request("other"))))
        #expect(isKept(state.arrived(request(nil))))
        #expect(isKept(state.arrived(.failure(ended), bytes: 0, isShutdown: false) { true }))
        state.addHandlers(message: { _ in }, failure: { _ in })
        // What was kept goes to them first.
        #expect(state.take() == nil)
        #expect(isWork(state.arrived(Message(.event, event: "last"))))
        var methods: [String?] = []
        for _ in 0..<2 { if case .notify(_, let message) = state.takeWork() { methods.append(message.method) } }
        #expect(methods == ["other", nil])
        guard case .fail(let handlers, let error) = state.takeWork(), handlers.count == 1, error == ended else {
            Issue.record("no failure")
            return
        }
        guard case .notify(_, let last) = state.takeWork(), last.event == "last" else {
            Issue.record("no notification")
            return
        }
        #expect(state.waiting == 0)
    }

    @Test func requestsThatNobodyAnswersAreRefusedUnlessSomebodyReceives() {
        var state = ChannelState(capacity: 10)
        // Without any handler a request waits for whoever comes.
        #expect(isKept(state.arrived(request("early"))))
        #expect(isKept(state.arrived(request("m"))))
        #expect(isKept(state.arrived(Message(.event, event: "e"))))
        state.setHandlers(of: ["m": { $0.answer(2) }]) { true }
        #expect(answer(state.takeWork())?.error?.code == Message.Failure.unknownMethod)
        guard case .call(_, let asked) = state.takeWork(), asked.method == "m" else {
            Issue.record("no call")
            return
        }
        #expect(state.waiting == 1)
        for method in ["other", nil] {
            #expect(isWork(state.arrived(request(method))))
            #expect(answer(state.takeWork())?.error?.code == Message.Failure.unknownMethod)
        }
        state.hasReceiver = true
        #expect(isKept(state.arrived(request("other"))))
    }

    @Test func aRequestDuringAShutdownIsRefused() {
        var state = ChannelState(capacity: 10)
        state.setHandlers(of: ["m": { $0.answer(2) }]) { true }
        #expect(isWork(state.arrived(.success(request("m")), bytes: 0, isShutdown: true) { false }))
        #expect(answer(state.takeWork())?.error?.code == Message.Failure.leaving)
        // Also where somebody receives, who could not answer.
        state.hasReceiver = true
        #expect(isWork(state.arrived(.success(request("other")), bytes: 0, isShutdown: true) { false }))
        #expect(answer(state.takeWork())?.error?.code == Message.Failure.leaving)
        #expect(isKept(state.arrived(.success(Message(.event)), bytes: 0, isShutdown: true) { false }))
    }

    /// By number and by bytes; the first one always has room.
    @Test func whatNobodyTakesIsGivenUpOnlyWhereReadingCannotWait() throws {
        for (count, bytes) in [(10, 1), (2, Backlog<Int>.maximumBytes / 2), (1, Backlog<Int>.maximumBytes * 2)] {
            var state = ChannelState(capacity: 10)
            for number in 0...count {
                #expect(state.isFull == false)
                _ = state.arrived(
                    .success(Message(.data, data: .integer(Int64(number)))), bytes: bytes, isShutdown: false
                ) { true }
            }
            #expect(state.waiting == count && state.dropped == 1)
            #expect(try state.take()?.get().data == 1)
            _ = state.arrived(.success(Message(.data, data: -1)), bytes: bytes, isShutdown: false) { true }
            state.hasReceiver = true
            state.hasPump = true
            #expect(state.isFull)
            // Who receives may be the one who asks.
            state.ask(request("m"), "q", .thread)
            #expect(!state.isFull)
            _ = state.giveUp("q")
            _ = state.arrived(.success(Message(.data, data: -2)), bytes: bytes, isShutdown: false) { true }
            #expect(state.dropped == 1 && state.waiting == count + 1)
        }
    }

    /// However short those are that go.
    @Test func whatALongMessageNeedsIsGivenUp() {
        var state = ChannelState(capacity: 1000)
        let half = Backlog<Int>.maximumBytes / 2
        for bytes in [1, 1, 1, half, half, half, half] {
            _ = state.arrived(.success(Message(.data)), bytes: bytes, isShutdown: false) { true }
        }
        #expect(state.waiting == 2 && state.dropped == 5)
    }

    @Test func nothingIsOwedOnceEverythingIsAnsweredAndTheEndIsKnown() {
        var state = ChannelState(capacity: 10)
        state.setHandlers(of: ["m": { $0.answer(2) }]) { true }
        #expect(!state.owesNothing(isShutdown: false))
        #expect(state.owesNothing(isShutdown: true))
        _ = state.arrived(request("m"))
        #expect(!state.owesNothing(isShutdown: true))
        _ = state.ended(ended, isClosed: false)
        _ = state.takeWork()
        #expect(!state.owesNothing(isShutdown: true), "the handler is at work")
        _ = state.takeWork()
        #expect(state.owesNothing(isShutdown: false))
        state.hasReceiver = true
        #expect(!state.owesNothing(isShutdown: false), "who receives may still answer")
        #expect(state.take() == nil)
        #expect(state.owesNothing(isShutdown: false))
    }

    /// One `receive` at the start, and handlers from then on.
    @Test func handlersNeedNotBeToldOfTheEnd() {
        var state = ChannelState(capacity: 10)
        state.hasReceiver = true
        _ = state.addHandlers(message: { _ in }, failure: { _ in })
        _ = state.ended(ended, isClosed: false)
        #expect(state.owesNothing(isShutdown: false))
    }

    @Test func whatIsClosedOwesNothing() {
        var state = ChannelState(capacity: 10)
        _ = state.arrived(request("m"))
        #expect((try? state.take()?.get()) != nil)
        _ = state.ended(ended, isClosed: true)
        #expect(state.owesNothing(isShutdown: false))
    }

    @Test func aRequestThatAReceiverTookIsOwedUntilItIsAnswered() throws {
        var state = ChannelState(capacity: 10)
        _ = state.arrived(request("m"))
        _ = state.ended(ended, isClosed: false)
        #expect(!state.owesNothing(isShutdown: false), "nobody has taken it")
        let taken = try #require(try state.take()?.get())
        #expect(state.take() == nil)
        #expect(!state.owesNothing(isShutdown: false))
        state.answered(try #require(taken.id))
        #expect(state.owesNothing(isShutdown: false))
    }

    @Test func theEndIsTheFirstOneAndWhatCameStays() {
        var state = ChannelState(capacity: 10)
        state.setHandlers(of: ["m": { $0.answer(2) }]) { true }
        _ = state.arrived(Message(.data, data: 1))
        _ = state.arrived(request("m"))
        #expect(state.ended(ended, isClosed: false).unanswered == 0)
        // Closed, what has not been begun is not begun.
        #expect(state.ended(ChannelError(.io, channel: "c", "later"), isClosed: true).unanswered == 1)
        #expect(state.takeWork() == nil)
        #expect(state.end == ended)
        #expect(state.take() != nil)
    }

    @Test func listenersGoBeforeTheInboxInTheirOrderAndEndWithIt() async throws {
        let channel = try Channel.thread("listeners")
        let first = Task { () -> JSONValue? in
            for try await message in channel.messages { return message.data }
            return nil
        }
        try channel.sendJSON(1)
        #expect(try await first.value == 1)
        let second = Task { () -> JSONValue? in
            for try await message in channel.messages { return message.data }
            return nil
        }
        channel.close()
        #expect(try await second.value == nil)
    }
}

extension ChannelState {
    fileprivate mutating func arrived(_ message: Message) -> Delivery {
        arrived(.success(message), bytes: 0, isShutdown: false) { true }
    }
}
