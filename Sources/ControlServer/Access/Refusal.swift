import ControlProtocol

/// A request that is not served: the status and the words that go back.
struct Refusal: Error, Sendable, Hashable {
    /// A header field that belongs to the answer.
    struct Field: Sendable, Hashable {
        var name: String
        var value: String
    }

    /// The HTTP status.
    var status: Int
    /// A stable name for programs.
    var code: String
    /// What was wrong and what would be right.
    var message: String
    /// The part of the request that is wrong.
    var field: String?
    var fields: [Field]

    init(_ status: Int, _ code: String, _ message: String, field: String? = nil, fields: [Field] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.fields = fields
    }

    /// What the node says to a request that came over HTTP.
    init(_ error: ControlError) {
        self.init(Self.status(of: error.code), error.code.rawValue, error.message, field: error.field)
    }

    private static func status(of code: ControlError.Code) -> Int {
        switch code {
        case .storage: 507
        case .notRunning, .busy: 503
        case .unsupported: 501
        case .unknownPreset, .unknownProfile, .unknownDevice: 404
        case .modeRefused, .nothingToUndo, .engine: 409
        case .tooLarge: 413
        case .internalError: 500
        default: 400
        }
    }

    /// The JSON body: the same `error` object that the WebSocket uses.
    func body() throws -> String {
        try MessageEncoder().text(ErrorMessage(code: code, message: message, field: field))
    }

    /// A header value as it may stand in a message: short and printable.
    static func quoted(_ value: String) -> String {
        let printable = value.unicodeScalars.prefix(100).map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F ? Character(scalar) : "?"
        }
        return String(printable) + (value.unicodeScalars.count > 100 ? "…" : "")
    }
}
