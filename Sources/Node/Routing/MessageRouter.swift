import ControlProtocol

/// Finds the handler of a request and turns its result into the answer's text.
///
/// Handlers are written with their own types; this is the one place where types are erased.
struct MessageRouter {
    private typealias Handler = (any ControlRequest, ClientID, RequestID?) throws -> String

    private let encoder: MessageEncoder
    private var handlers: [String: Handler] = [:]

    init(encoder: MessageEncoder = MessageEncoder()) {
        self.encoder = encoder
    }

    /// Registers the handler of one request, told by its parameter type. A ``ControlError`` it throws becomes an
    /// ``ErrorMessage``.
    ///
    /// - Precondition: the request has no handler yet.
    mutating func on<Request: ControlRequest>(_ handler: @escaping (Request, ClientID) throws -> Request.Response) {
        add(handler) { encoder, _, error, requestID in
            try encoder.text(ErrorMessage(error), requestID: requestID)
        }
    }

    /// Registers the handler of a request whose response can say no. A ``ControlError`` it throws becomes that response.
    ///
    /// - Precondition: the request has no handler yet.
    mutating func on<Request: ControlRequest>(_ handler: @escaping (Request, ClientID) throws -> Request.Response)
    where Request.Response: Refusable, Request.Response.Request == Request {
        add(handler) { encoder, request, error, requestID in
            try encoder.text(Request.Response.refusal(of: request, because: error), requestID: requestID)
        }
    }

    /// The answer to a request: the text of its response, of a refusal, or of an ``ErrorMessage``.
    ///
    /// - Throws: what a handler or the encoder throws besides ``ControlError``: a fault of the node.
    func answer(_ request: any ControlRequest, from client: ClientID, requestID: RequestID?) throws -> String {
        let type = Swift.type(of: request).type
        guard let handler = handlers[type] else {
            throw ControlError(.unsupported, "This node does not offer \(type).", field: "type")
        }
        return try handler(request, client, requestID)
    }

    /// Wire names that have a handler.
    var types: Set<String> {
        Set(handlers.keys)
    }

    private mutating func add<Request: ControlRequest>(
        _ handler: @escaping (Request, ClientID) throws -> Request.Response,
        refuse: @escaping (MessageEncoder, Request, ControlError, RequestID?) throws -> String
    ) {
        precondition(handlers[Request.type] == nil, "Two handlers are registered for \(Request.type).")
        handlers[Request.type] = { [encoder] erased, client, requestID in
            guard let request = erased as? Request else {
                preconditionFailure("\(type(of: erased)) shares its wire name with \(Request.self).")
            }
            do {
                return try encoder.text(try handler(request, client), requestID: requestID)
            } catch let error as ControlError {
                return try refuse(encoder, request, error, requestID)
            }
        }
    }
}
