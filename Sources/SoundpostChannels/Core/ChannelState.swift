/// What the users of one end of a channel wait for, as a value: messages come in, answers find their requests.
///
/// No locks, no time, no threads: `ChannelCore` has those.
struct ChannelState {
    /// A message that came, or why one could not be read.
    typealias Arrival = Result<Message, ChannelError>
    typealias Handler = @Sendable (Message) throws -> Message

    enum Asker {
        /// A thread that looks for the answer in `answers`.
        case thread
        case task(CheckedContinuation<Message, any Error>)
    }

    /// What the channel's own thread for handlers does.
    enum Work: Sendable {
        /// An answer that needs no thinking about.
        case answer(Message)
        /// A request, which holds a guard of the shutdown until it is answered.
        case call(Handler, Message)
        case notify([@Sendable (Message) -> Void], Message)
        case fail([@Sendable (ChannelError) -> Void], ChannelError)
    }

    /// What to do about something that came, outside of the lock.
    enum Delivery {
        /// Somebody may be waiting for it.
        case kept
        case handOver(Arrival, to: CheckedContinuation<Arrival?, Never>)
        case answer(Message, to: CheckedContinuation<Message, any Error>, asked: ContinuousClock.Instant)
        case answered(asked: ContinuousClock.Instant)
        /// There is work for the thread of the handlers.
        case work
        case drop
    }

    /// Handlers that are let go of. Outside of the lock: what they refer to may be the channel itself, which then
    /// closes.
    struct Released: Sendable {
        var messageHandlers: [@Sendable (Message) -> Void] = []
        var failureHandlers: [@Sendable (ChannelError) -> Void] = []
        var methods: [Handler] = []
        var work: [Work] = []
    }

    private struct Question {
        /// `response` or `pong`.
        let answer: Message.Kind
        let asker: Asker
        let asked: ContinuousClock.Instant
    }

    /// For whoever receives.
    private var inbox: Backlog<Arrival>
    /// For the handlers.
    private var work: Backlog<Work>
    private var questions: [String: Question] = [:]
    private var answers: [String: Message] = [:]
    /// Ids of requests that a receiver took and has not answered, of the first thousand.
    private var owed: Set<String> = []
    /// Ids whose askers gave up, the oldest first: their answers go to nobody.
    private var abandoned: [String] = []
    private var nextID = 0
    private var listeners: [(key: Int, continuation: CheckedContinuation<Arrival?, Never>)] = []
    private var messageHandlers: [@Sendable (Message) -> Void] = []
    private var failureHandlers: [@Sendable (ChannelError) -> Void] = []
    private var methods: [String: Handler] = [:]
    /// Messages given up for newer ones because nobody took them.
    private(set) var dropped = 0
    /// Why nothing comes any more.
    private(set) var end: ChannelError?
    /// Somebody receives what comes, or has done so once.
    var hasReceiver = false
    /// Who receives has been told of the end.
    var isEndReported = false
    private var isClosed = false
    /// A thread of the channel's own reads, which can wait for room.
    var hasPump = false
    /// A handler is at work.
    private(set) var isWorking = false

    init(capacity: Int) {
        inbox = Backlog(capacity: capacity)
        work = Backlog(capacity: capacity)
    }

    var waiting: Int { inbox.count + work.count }

    /// Whether the channel's own thread stops reading, so that the other end waits: nothing is given up where somebody
    /// will take it.
    var isFull: Bool { work.isFull || waitsForReceivers && inbox.isFull }

    /// Nothing is given up where somebody will take it. But who receives may be the one who waits for an answer, which
    /// lies behind what fills the inbox.
    private var waitsForReceivers: Bool { hasReceiver && hasPump && questions.isEmpty }

    // MARK: What comes in

    /// - Parameters:
    ///   - bytes: How long it was.
    ///   - isShutdown: A request is refused, because nobody here may answer it any more.
    ///   - begin: Takes a guard of the shutdown for a request; false once the shutdown has begun.
    mutating func arrived(_ arrival: Arrival, bytes: Int, isShutdown: Bool, begin: () -> Bool) -> Delivery {
        guard case .success(let message) = arrival else { return deliver(arrival, bytes) }
        switch message.kind {
        case .ping:
            // Where pongs cannot be sent as fast as pings come, they are left out.
            guard !work.isFull else { return .drop }
            work.add(.answer(message.answer(message.data)), bytes: bytes)
            return .work
        case .response, .pong:
            return answered(message, bytes)
        case .request:
            guard let task = task(for: message, isShutdown: isShutdown, begin) else { return deliver(arrival, bytes) }
            work.add(task, bytes: bytes)
            return .work
        case .event, .data, .ready:
            return deliver(arrival, bytes)
        }
    }

    private mutating func answered(_ message: Message, _ bytes: Int) -> Delivery {
        if let id = message.id {
            if let question = questions[id], question.answer == message.kind {
                questions[id] = nil
                return answer(question, message, id)
            }
            if let index = abandoned.firstIndex(of: id) {
                abandoned.remove(at: index)
                return .drop
            }
        }
        return message.kind == .pong ? .drop : deliver(.success(message), bytes)
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

    /// Nil for a request that whoever receives shall have.
    private func task(for request: Message, isShutdown: Bool, _ begin: () -> Bool) -> Work? {
        guard let method = request.method, let handler = methods[method] else {
            if isShutdown { return .answer(request.answer(.isLeaving)) }
            guard !methods.isEmpty, !hasReceiver, messageHandlers.isEmpty else { return nil }
            return .answer(request.answer(.unknownMethod(request.method)))
        }
        return begin() ? .call(handler, request) : .answer(request.answer(.isLeaving))
    }

    private mutating func deliver(_ arrival: Arrival, _ bytes: Int) -> Delivery {
        if let task = task(for: arrival) {
            work.add(task, bytes: bytes)
            return .work
        }
        if !listeners.isEmpty {
            handedOut(arrival)
            return .handOver(arrival, to: listeners.removeFirst().continuation)
        }
        while inbox.isFull, !waitsForReceivers {
            _ = inbox.take()
            dropped += 1
        }
        inbox.add(arrival, bytes: bytes)
        return .kept
    }

    /// Nil where there are no handlers of messages.
    private func task(for arrival: Arrival) -> Work? {
        guard !messageHandlers.isEmpty else { return nil }
        switch arrival {
        case .success(let message): return .notify(messageHandlers, message)
        case .failure(let error): return .fail(failureHandlers, error)
        }
    }

    /// The next one for a receiver, who learns of the end when there is none.
    mutating func take() -> Arrival? {
        hasReceiver = true
        guard let arrival = inbox.take() else {
            if end != nil { isEndReported = true }
            return nil
        }
        handedOut(arrival)
        return arrival
    }

    private mutating func handedOut(_ arrival: Arrival) {
        guard case .success(let message) = arrival, message.kind == .request, let id = message.id, owed.count < 1024
        else { return }
        owed.insert(id)
    }

    /// A receiver has answered a request.
    mutating func answered(_ id: String) {
        owed.remove(id)
    }

    // MARK: Handlers

    mutating func addHandlers(
        message: @escaping @Sendable (Message) -> Void, failure: @escaping @Sendable (ChannelError) -> Void
    ) -> Released {
        messageHandlers.append(message)
        failureHandlers.append(failure)
        for (arrival, bytes) in inbox.takeAll() {
            if let task = task(for: arrival) { work.add(task, bytes: bytes) }
        }
        return end == nil ? Released() : forgetHandlers()
    }

    mutating func setHandlers(of new: [String: Handler], begin: () -> Bool) -> Released {
        var released = Released(methods: new.keys.compactMap { methods[$0] })
        methods.merge(new) { $1 }
        for (arrival, bytes) in inbox.takeAll() {
            if case .success(let message) = arrival, message.kind == .request,
                let task = task(for: message, isShutdown: false, begin)
            {
                work.add(task, bytes: bytes)
            } else {
                inbox.add(arrival, bytes: bytes)
            }
        }
        if end != nil { released.methods += forgetHandlers().methods }
        return released
    }

    private mutating func forgetHandlers() -> Released {
        defer {
            messageHandlers = []
            failureHandlers = []
            methods = [:]
        }
        return Released(
            messageHandlers: messageHandlers, failureHandlers: failureHandlers, methods: Array(methods.values))
    }

    /// The next thing to do, which is under way until the next call.
    mutating func takeWork() -> Work? {
        let task = work.take()
        isWorking = task != nil
        return task
    }

    /// Whether the other end can be told that nothing follows: what it asked is answered, and who receives knows that
    /// nothing comes.
    func owesNothing(isShutdown: Bool) -> Bool {
        guard work.isEmpty, !isWorking else { return false }
        if isShutdown || isClosed { return true }
        guard end != nil, isEndReported || !hasReceiver, owed.isEmpty else { return false }
        return !inbox.contains { arrival in
            if case .success(let message) = arrival { message.kind == .request } else { false }
        }
    }

    // MARK: Requests

    /// An id for a new request. Those that a user makes do not begin like this.
    mutating func newID() -> String {
        nextID += 1
        return "#\(nextID)"
    }

    /// - Parameter question: A request or a ping.
    mutating func ask(_ question: Message, _ id: String, _ asker: Asker) {
        questions[id] = Question(answer: question.kind == .ping ? .pong : .response, asker: asker, asked: .now)
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

    // MARK: Tasks that wait for messages

    mutating func listen(_ key: Int, _ continuation: CheckedContinuation<Arrival?, Never>) {
        listeners.append((key, continuation))
    }

    mutating func stopListening(_ key: Int) -> CheckedContinuation<Arrival?, Never>? {
        guard let index = listeners.firstIndex(where: { $0.key == key }) else { return nil }
        return listeners.remove(at: index).continuation
    }

    // MARK: End

    /// Who has to be told of the end.
    struct Farewell {
        var listeners: [CheckedContinuation<Arrival?, Never>] = []
        var askers: [CheckedContinuation<Message, any Error>] = []
        /// Requests that will not be answered, each with a guard.
        var unanswered = 0
        var released = Released()
    }

    /// Nothing comes any more.
    ///
    /// - Parameter isClosed: Nothing is sent any more either, so the handlers need not do what waits.
    mutating func ended(_ error: ChannelError, isClosed: Bool) -> Farewell {
        var farewell = Farewell()
        if isClosed {
            self.isClosed = true
            let undone = work.takeAll().map(\.element)
            for case .call in undone { farewell.unanswered += 1 }
            farewell.released.work = undone
        }
        guard end == nil else { return farewell }
        end = error
        farewell.listeners = listeners.map(\.continuation)
        // Handlers are told nothing, and what they have to do counts by itself.
        if !listeners.isEmpty || !messageHandlers.isEmpty { isEndReported = true }
        listeners = []
        for case .task(let continuation) in questions.values.map(\.asker) { farewell.askers.append(continuation) }
        questions = [:]
        let undone = farewell.released.work
        farewell.released = forgetHandlers()
        farewell.released.work = undone
        return farewell
    }
}
