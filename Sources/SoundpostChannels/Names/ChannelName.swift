/// Name of a channel: what its socket's file name is made of.
struct ChannelName: Sendable, Hashable {
    let text: String

    /// - Throws: `io` unless the text matches `[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}`.
    init(_ text: String) throws(ChannelError) {
        func isLegal(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard (1...64).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "."), text.utf8.allSatisfy(isLegal)
        else {
            throw ChannelError(
                .io, channel: String(text.prefix(64)),
                "a name has 1 to 64 letters, digits, '_', '-' or '.', and does not begin with '.'")
        }
        self.text = text
    }

    static let filePrefix = "soundpost_"
    static let fileSuffix = ".sock"

    var fileName: String { Self.filePrefix + text + Self.fileSuffix }
}
