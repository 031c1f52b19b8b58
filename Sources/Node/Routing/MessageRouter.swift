import ControlProtocol

/// Finds the handler of a request and turns its result into the answer's text.
///
/// Handlers are written with their own types; this is the one place where types are erased.
struct MessageRouter {
    /// What a request does, which decides how it is treated.
    enum Effect: Hashable, Sendable {
        /// Changes nothing that others see.
        case query
        /// Changes something: the mode must allow it, and the audit log gets it.
        case command
        /// A command whose changes the caller commits later, those of several requests together. Every command that is
        /// a ``BatchedRequest`` is treated so.
        case batched
    }

    /// Makes an answer's text, away from the node's actor.
    typealias SlowAnswer = @Sendable () async throws -> String
    /// Finds something out that a request needs, away from the node's actor.
    typealias Preparation = @Sendable () async -> any Sendable

    /// A handler's outcome.
    enum Outcome {
        /// The answer's text, and whether the request was accepted. `refusal` is the text that says no instead, for a
        /// commit that fails.
        case now(String, isAccepted: Bool, refusal: (ControlError) throws -> String)
        /// The answer takes time and is made away from the node's actor.
        case later(SlowAnswer)
        /// The same, and the client goes on meanwhile: its answer comes out of turn.
        case aside(SlowAnswer)
        /// The request is to be handled once more, with what the preparation gives.
        case preparing(Preparation)
    }

    private struct Route {
        let effect: Effect
        let handle: (any ControlRequest, (any Sendable)?, Author, RequestID?) throws -> Outcome
        let refuse: (any ControlRequest, ControlError, RequestID?) throws -> String
    }

    private let encoder: MessageEncoder
    private var routes: [String: Route] = [:]

    init(encoder: MessageEncoder = MessageEncoder()) {
        self.encoder = encoder
    }

    /// Registers the handler of one request, told by its parameter type. A ``ControlError`` it throws becomes an
    /// ``ErrorMessage``.
    ///
    /// - Precondition: the request has no handler yet.
    mutating func on<Request: ControlRequest>(
        _ handler: @escaping (Request, Author) throws -> Request.Response,
        as effect: Effect = .query
    ) {
        add(effect, handler, isAccepted: { _ in true }) { [encoder] _, error, requestID in
            try encoder.text(ErrorMessage(error), requestID: requestID)
        }
    }

    /// Registers the handler of a request whose response can say no. A ``ControlError`` it throws becomes that
    /// response.
    ///
    /// - Precondition: the request has no handler yet.
    mutating func on<Request: ControlRequest>(
        _ handler: @escaping (Request, Author) throws -> Request.Response,
        as effect: Effect = .query
    ) where Request.Response: Refusable, Request.Response.Request == Request {
        add(effect, handler, isAccepted: \.success) { [encoder] (request: Request, error, requestID) in
            try encoder.text(Request.Response.refusal(of: request, because: error), requestID: requestID)
        }
    }

    /// Registers the handler of a query whose answer takes time: the handler gives the work, which runs away from the
    /// node's actor.
    ///
    /// - Precondition: the request has no handler yet.
    mutating func onSlow<Request: ControlRequest>(
        _ handler: @escaping (Request, Author) throws -> @Sendable () async throws -> Request.Response
    ) {
        addSlow(handler, Outcome.later)
    }

    /// The same for an answer that others make, and that may take them minutes: the client's further messages do not
    /// wait for it, and it is given up (its task is cancelled) when the client goes.
    ///
    /// - Precondition: the request has no handler yet.
    mutating func onAside<Request: ControlRequest>(
        _ handler: @escaping (Request, Author) throws -> @Sendable () async throws -> Request.Response
    ) {
        addSlow(handler, Outcome.aside)
    }

    private mutating func addSlow<Request: ControlRequest>(
        _ handler: @escaping (Request, Author) throws -> @Sendable () async throws -> Request.Response,
        _ outcome: @escaping (@escaping SlowAnswer) -> Outcome
    ) {
        let refuse: @Sendable (ControlError, RequestID?) throws -> String = { [encoder] error, requestID in
            try encoder.text(ErrorMessage(error), requestID: requestID)
        }
        insert(
            Request.self,
            Route(effect: .query) { [encoder] erased, _, author, requestID in
                let work = try handler(Self.cast(erased), author)
                return outcome {
                    do {
                        return try encoder.text(try await work(), requestID: requestID)
                    } catch let error as ControlError {
                        return try refuse(error, requestID)
                    }
                }
            } refuse: { _, error, requestID in
                try refuse(error, requestID)
            }
        )
    }

    /// Registers the handler of a request that may need something first which takes time to find out.
    ///
    /// - Parameters:
    ///   - preparation: the work that finds it out, away from the node's actor; nil when the request does without.
    ///   - handler: gets what was found out. Meanwhile anything may have happened.
    /// - Precondition: the request has no handler yet.
    mutating func on<Request: ControlRequest, Prepared: Sendable>(
        preparing preparation: @escaping (Request) throws -> (@Sendable () async -> Prepared)?,
        _ handler: @escaping (Request, Prepared?, Author) throws -> Request.Response,
        as effect: Effect = .query
    ) {
        let refuse: (Request, ControlError, RequestID?) throws -> String = { [encoder] _, error, requestID in
            try encoder.text(ErrorMessage(error), requestID: requestID)
        }
        add(effect, handler, preparing: preparation, isAccepted: { _ in true }, refuse: refuse)
    }

    /// What a request does; nil when it has no handler.
    func effect(of request: any ControlRequest) -> Effect? {
        routes[type(of: request).type]?.effect
    }

    /// The outcome of a request.
    ///
    /// - Parameter prepared: what its preparation gave; nil before that.
    /// - Throws: what a handler or the encoder throws besides ``ControlError``: a fault of the node.
    func answer(
        _ request: any ControlRequest,
        _ prepared: (any Sendable)? = nil,
        from author: Author,
        requestID: RequestID?
    ) throws -> Outcome {
        try route(of: request).handle(request, prepared, author, requestID)
    }

    /// The text that refuses a request.
    func refusal(of request: any ControlRequest, because error: ControlError, requestID: RequestID?) throws -> String {
        try route(of: request).refuse(request, error, requestID)
    }

    /// Wire names that have a handler.
    var types: Set<String> {
        Set(routes.keys)
    }

    private func route(of request: any ControlRequest) throws(ControlError) -> Route {
        let type = Swift.type(of: request).type
        guard let route = routes[type] else {
            throw ControlError(.unsupported, "This node does not offer \(type).", field: "type")
        }
        return route
    }

    private mutating func add<Request: ControlRequest>(
        _ effect: Effect,
        _ handler: @escaping (Request, Author) throws -> Request.Response,
        isAccepted: @escaping (Request.Response) -> Bool,
        refuse: @escaping (Request, ControlError, RequestID?) throws -> String
    ) {
        let unprepared = { (request: Request, _: Never?, author: Author) in try handler(request, author) }
        add(effect, unprepared, preparing: { _ in nil }, isAccepted: isAccepted, refuse: refuse)
    }

    private mutating func add<Request: ControlRequest, Prepared: Sendable>(
        _ effect: Effect,
        _ handler: @escaping (Request, Prepared?, Author) throws -> Request.Response,
        preparing preparation: @escaping (Request) throws -> (@Sendable () async -> Prepared)?,
        isAccepted: @escaping (Request.Response) -> Bool,
        refuse: @escaping (Request, ControlError, RequestID?) throws -> String
    ) {
        let isBatched = effect == .command && Request.self is any BatchedRequest.Type
        insert(
            Request.self,
            Route(effect: isBatched ? .batched : effect) { [encoder] erased, prepared, author, requestID in
                let request: Request = Self.cast(erased)
                let no = { error in try refuse(request, error, requestID) }
                do {
                    if prepared == nil, let work = try preparation(request) { return .preparing(work) }
                    let response = try handler(request, prepared as? Prepared, author)
                    let text = try encoder.text(response, requestID: requestID)
                    return .now(text, isAccepted: isAccepted(response), refusal: no)
                } catch let error as ControlError {
                    return .now(try no(error), isAccepted: false, refusal: no)
                }
            } refuse: { erased, error, requestID in
                try refuse(Self.cast(erased), error, requestID)
            }
        )
    }

    private mutating func insert<Request: ControlRequest>(_: Request.Type, _ route: Route) {
        precondition(routes[Request.type] == nil, "Two handlers are registered for \(Request.type).")
        routes[Request.type] = route
    }

    private static func cast<Request: ControlRequest>(_ erased: any ControlRequest) -> Request {
        guard let request = erased as? Request else {
            preconditionFailure("\(type(of: erased)) shares its wire name with \(Request.self).")
        }
        return request
    }
}
