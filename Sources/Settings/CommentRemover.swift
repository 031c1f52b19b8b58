/// Takes `//` comments out of JSON text.
enum CommentRemover {
    /// The text with a space for every byte of a comment, so that positions stay. Slashes in strings are text.
    static func removeComments(from text: [UInt8]) -> [UInt8] {
        var result = text
        var isInString = false
        var at = 0
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "\\") where isInString: at += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "/") where !isInString && at + 1 < text.count && text[at + 1] == UInt8(ascii: "/"):
                while at < text.count, text[at] != UInt8(ascii: "\n") {
                    result[at] = UInt8(ascii: " ")
                    at += 1
                }
            default: break
            }
            at += 1
        }
        return result
    }
}
