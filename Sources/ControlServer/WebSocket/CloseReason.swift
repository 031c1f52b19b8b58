/// Why a WebSocket connection ends: a code of RFC 6455 section 7.4 and words for whoever reads the other end's log.
struct CloseReason: Sendable, Hashable {
    var code: UInt16
    /// At most 123 bytes in UTF-8, so that the frame fits.
    var words: String

    static let normal = CloseReason(code: 1000, words: "")
    static let shutdown = CloseReason(code: 1001, words: "The node is shutting down.")
    static let notText = CloseReason(code: 1003, words: "Only text messages are understood.")
    static let notUTF8 = CloseReason(code: 1007, words: "A text message must be UTF-8.")
    static let silent = CloseReason(code: 1011, words: "No answer to a ping.")
    static let slowReader = CloseReason(code: 1013, words: "Acknowledgements were not read in time.")

    static let tooManyListeners = CloseReason(code: 1013, words: "Enough clients listen already. Try again later.")

    static func protocolError(_ words: String) -> CloseReason {
        CloseReason(code: 1002, words: words)
    }

    static func tooLarge(limit: Int) -> CloseReason {
        CloseReason(code: 1009, words: "A message may have \(limit) bytes.")
    }

    /// Whether a peer may send `code` in a close frame (RFC 6455 section 7.4 and the registry it set up).
    static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
