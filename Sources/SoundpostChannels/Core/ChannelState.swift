/// What the users of one end of a channel wait for, as a value: messages come in, answers find their requests.
///
/// No locks, no time, no threads: `ChannelCore` has those.
struct ChannelState {
    /// A message that came, or why one could not be read.
    typealias Arrival = Result<Message, ChannelError>

    enum Asker {
        /// A thread that looks for the answer in `answers`.
        case thread
        case task(CheckedContinuation<Message, any Error>)
    }

    /// What to do with something that came, outside of the lock.
    enum Delivery {
        /// Somebody may be waiting for it.
        case kept
        case handOver(Arrival, to: CheckedContinuation<Arrival?, Never>)
        case answer(Message, to: CheckedContinuation<Message, any Error>, asked: ContinuousClock.Instant)
        case answered(asked: ContinuousClock.Instant)
        case pong(Message)
        case call(Handler, Message)
        case notify([@Sendable (Message) -> Void], Message)
        case fail([@Sendable (ChannelError) -> Void], ChannelError)
        case drop
    }

    typealias Handler = @Sendable (Message) throws -> Message

    private struct Question {
        let asker: Asker
        let asked: ContinuousClock.Instant
    }

    private(set) var inbox: [Arrival] = []
    private var inboxStart = 0
    private var questions: [String: Question] = [:]
    private var answers: [String: Message] = [:]
    /// Ids whose askers gave up, the oldest first: their answers go to nobody.
    private var abandoned: [String] = []
    private var nextID = 0
    private var listeners: [(key: Int, continuation: CheckedContinuation<Arrival?, Never>)] = []
    var messageHandlers: [@Sendable (Message) -> Void] = []
    var failureHandlers: [@Sendable (ChannelError) -> Void] = []
    var methods: [String: Handler] = [:]
    /// Why nothing comes any more.
    private(set) var end: ChannelError?

    var waiting: Int { inbox.count - inboxStart }

    // MARK: What comes in

    mutating func arrived(_ arrival: Arrival) -> Delivery {
        guard case .success(let message) = arrival else {
            if case .failure(let error) = arrival, !failureHandlers.isEmpty { return .fail(failureHandlers, error) }
            return keep(arrival)
        }
        switch message.kind {
        case .ping:
            return .pong(message.answer(message.data))
        case .response, .pong:
            if let id = message.id {
                if let question = questions.removeValue(forKey: id) { return answer(question, message, id) }
                if let index = abandoned.firstIndex(of: id) {
                    abandoned.remove(at: index)
                    return .drop
                }
            }
            return message.kind == .pong ? .drop : deliver(message)
        case .request:
            if let method = message.method, let handler = methods[method] { return .call(handler, message) }
            return deliver(message)
        case .event, .data, .ready:
            return deliver(message)
        }
    }

    private mutating func answer(_ question: Question, _ message: Message, _ id: String) -> Delivery {
        switch question.asker {
        case .thread:
            answers[id] = message
            return .answered(asked: question.asked)
        case .task(let continuation):
            return .answer(message, to: continuation, asked: question.asked)
        }
    }

    private mutating func deliver(_ message: Message) -> Delivery {
        messageHandlers.isEmpty ? keep(.success(message)) : .notify(messageHandlers, message)
    }

    private mutating func keep(_ arrival: Arrival) -> Delivery {
        if !listeners.isEmpty { return .handOver(arrival, to: listeners.removeFirst().continuation) }
        inbox.append(arrival)
        return .kept
    }

    mutating func take() -> Arrival? {
        guard inboxStart < inbox.count else { return nil }
        defer {
            inboxStart += 1
            if inboxStart == inbox.count || inboxStart > 1024 {
                inbox.removeFirst(inboxStart)
                inboxStart = 0
            }
        }
        return inbox[inboxStart]
    }

    // MARK: Requests

    /// An id for a new request.
    mutating func newID() -> String {
        nextID += 1
        return String(nextID)
    }

    mutating func ask(_ id: String, _ asker: Asker) {
        questions[id] = Question(asker: asker, asked: .now)
    }

    mutating func takeAnswer(to id: String) -> Message? {
        answers.removeValue(forKey: id)
    }

    /// Nobody waits for this answer any more. The task that did, if it still waits.
    mutating func giveUp(_ id: String) -> CheckedContinuation<Message, any Error>? {
        answers.removeValue(forKey: id)
        guard let question = questions.removeValue(forKey: id) else { return nil }
        abandoned.append(id)
        if abandoned.count > 1024 { abandoned.removeFirst() }
        if case .task(let continuation) = question.asker { return continuation }
        return nil
    }

    var hasQuestions: Bool { !questions.isEmpty }

    // MARK: Tasks that wait for messages

    mutating func listen(_ key: Int, _ continuation: CheckedContinuation<Arrival?, Never>) {
        listeners.append((key, continuation))
    }

    mutating func stopListening(_ key: Int) -> CheckedContinuation<Arrival?, Never>? {
        guard let index = listeners.firstIndex(where: { $0.key == key }) else { return nil }
        return listeners.remove(at: index).continuation
    }

    // MARK: End

    /// Nothing comes any more. Who has to be told.
    mutating func ended(
        _ error: ChannelError
    ) -> (listeners: [CheckedContinuation<Arrival?, Never>], askers: [CheckedContinuation<Message, any Error>]) {
        guard end == nil else { return ([], []) }
        end = error
        let waiting = listeners.map(\.continuation)
        listeners = []
        let askers: [CheckedContinuation<Message, any Error>] = questions.values.compactMap { question in
            guard case .task(let continuation) = question.asker else { return nil }
            return continuation
        }
        questions = [:]
        return (waiting, askers)
    }
}
