/// The name of a file that the page may consist of: one segment of a path, of a type that pages are made of.
///
/// What has another name is not looked for on disk, so that no request leads out of the page's directory or to the
/// compressed copies in it.
struct PageFileName: Sendable, Hashable {
    /// What `/` stands for.
    static let index = PageFileName(text: "index.html", type: "text/html; charset=utf-8")

    /// The media type of scripts.
    static let script = "text/javascript"

    /// The media types, which a page of this server can load, by the ending of a name.
    static let types: [String: String] = [
        "html": index.type,
        "js": script,
        "css": "text/css",
        "svg": "image/svg+xml",
        "png": "image/png",
        "ico": "image/vnd.microsoft.icon",
        "webmanifest": "application/manifest+json",
        "map": "application/json",
    ]

    /// Bytes of a name.
    private static let limit = 128

    let text: String
    /// The media type.
    let type: String

    /// - Parameter text: as it stands in a path. It has no escapes: letters, digits, `-`, `_` and dots, the first of
    ///   which does not begin it.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.limit, text.utf8.first != UInt8(ascii: "."),
            text.utf8.allSatisfy(Self.isNameByte),
            let dot = text.lastIndex(of: "."), let type = Self.types[String(text[text.index(after: dot)...])]
        else { return nil }
        self.init(text: String(text), type: type)
    }

    /// - Parameter path: the whole path of a request.
    init?(path: some StringProtocol) {
        guard path != "/" else {
            self = .index
            return
        }
        guard path.hasPrefix("/") else { return nil }
        self.init(path.dropFirst())
    }

    private init(text: String, type: String) {
        self.text = text
        self.type = type
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-_.".utf8.contains(byte)
    }
}
