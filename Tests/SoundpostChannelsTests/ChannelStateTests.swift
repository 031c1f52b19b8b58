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

    @Test func messagesAreKeptAndTakenInTheirOrder() throws {
        var state = ChannelState()
        for number in 0..<5000 {
            #expect(isKept(state.arrived(.success(Message(.data, data: .integer(Int64(number)))))))
        }
        #expect(state.waiting == 5000)
        for number in 0..<5000 { #expect(try state.take()?.get().data == .integer(Int64(number))) }
        #expect(state.take() == nil)
        #expect(state.waiting == 0)
    }

    @Test func anAnswerGoesToItsQuestionOnce() {
        var state = ChannelState()
        let id = state.newID()
        #expect(id != state.newID())
        state.ask(id, .thread)
        #expect(state.hasQuestions)
        guard case .answered = state.arrived(.success(Message(.response, id: id, data: 1))) else {
            Issue.record("the answer went elsewhere")
            return
        }
        #expect(!state.hasQuestions)
        #expect(state.takeAnswer(to: id)?.data == 1)
        #expect(state.takeAnswer(to: id) == nil)
        // A second answer is anybody's.
        #expect(isKept(state.arrived(.success(Message(.response, id: id)))))
    }

    @Test func theAnswerOfWhoGaveUpGoesToNobodyOnce() {
        var state = ChannelState()
        state.ask("a", .thread)
        #expect(state.giveUp("a") == nil)
        #expect(isDropped(state.arrived(.success(Message(.response, id: "a")))))
        #expect(isKept(state.arrived(.success(Message(.response, id: "a")))))
        // Of those who gave up the last thousand are known.
        for number in 0..<2000 {
            state.ask(String(number), .thread)
            _ = state.giveUp(String(number))
        }
        #expect(isKept(state.arrived(.success(Message(.response, id: "0")))))
        #expect(isDropped(state.arrived(.success(Message(.response, id: "1999")))))
    }

    @Test func pingsAreAnsweredAndPongsThatNobodyAskedForDropped() {
        var state = ChannelState()
        guard case .pong(let pong) = state.arrived(.success(Message(.ping, id: "7", data: [1]))) else {
            Issue.record("no pong")
            return
        }
        #expect(pong == Message(.pong, id: "7", data: [1]))
        #expect(isDropped(state.arrived(.success(Message(.pong, id: "7")))))
        #expect(isDropped(state.arrived(.success(Message(.pong)))))
        #expect(isKept(state.arrived(.success(Message(.response)))))
        #expect(state.waiting == 1)
    }

    @Test func handlersGoBeforeTheInbox() throws {
        var state = ChannelState()
        state.methods["m"] = { $0.answer(2) }
        guard case .call(let handler, let request) = state.arrived(.success(Message(.request, id: "1", method: "m")))
        else {
            Issue.record("no call")
            return
        }
        #expect(try handler(request) == Message(.response, id: "1", data: 2))
        #expect(isKept(state.arrived(.success(Message(.request, id: "2", method: "other")))))
        #expect(isKept(state.arrived(.success(Message(.request, id: "3")))))
        #expect(isKept(state.arrived(.failure(ended))))
        state.messageHandlers.append { _ in }
        state.failureHandlers.append { _ in }
        guard case .notify(let handlers, _) = state.arrived(.success(Message(.event))), handlers.count == 1 else {
            Issue.record("no notification")
            return
        }
        guard case .fail(_, let error) = state.arrived(.failure(ended)), error == ended else {
            Issue.record("no failure")
            return
        }
        #expect(state.waiting == 3)
    }

    @Test func theEndIsTheFirstOneAndWhatCameStays() {
        var state = ChannelState()
        _ = state.arrived(.success(Message(.data, data: 1)))
        state.ask("a", .thread)
        _ = state.ended(ended)
        _ = state.ended(ChannelError(.io, channel: "c", "later"))
        #expect(state.end == ended)
        #expect(!state.hasQuestions)
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
