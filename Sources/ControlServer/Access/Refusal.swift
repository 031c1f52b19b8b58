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
    var fields: [Field]

    init(_ status: Int, _ code: String, _ message: String, fields: [Field] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields
    }

    /// The JSON body: the same `error` object that the WebSocket uses.
    func body() throws -> String {
        try MessageEncoder().text(ErrorMessage(code: code, message: message))
    }

    /// A header value as it may stand in a message: short and printable.
    static func quoted(_ value: String) -> String {
        let printable = value.unicodeScalars.prefix(100).map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F ? Character(scalar) : "?"
        }
        return String(printable) + (value.unicodeScalars.count > 100 ? "…" : "")
    }
}
