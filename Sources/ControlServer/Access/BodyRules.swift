import NIOHTTP1

/// Which requests may have a body, of what size and kind.
struct BodyRules: Sendable, Hashable {
    static let uploadPath = "/api/audio/upload"
    static let archivePath = "/api/archive"

    /// Types that a page of any site can send without asking first (the "simple" ones of the Fetch standard).
    private static let formTypes: Set = ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]

    /// Bytes of a body by path.
    private let limits: [String: Int]

    init(limits: ServerLimits) {
        self.limits = [Self.uploadPath: limits.uploadBytes, Self.archivePath: limits.archiveBytes]
    }

    /// - Returns: the most bytes of the body that follows; nil when none follows.
    /// - Throws: why the request is not served, judged by its header.
    func bodyLimit(of head: HTTPRequestHead, path: some StringProtocol) throws(Refusal) -> Int? {
        let lengths = head.headers["Content-Length"]
        let codings = head.headers["Transfer-Encoding"]
        let hasBody = !codings.isEmpty || lengths.contains { $0 != "0" }
        guard head.method == .POST, let limit = limits[String(path)] else {
            guard !hasBody else {
                throw Refusal(413, "body_not_accepted", "This path and method take no request body.")
            }
            return nil
        }
        guard !lengths.isEmpty || !codings.isEmpty else {
            throw Refusal(411, "length_required", "The body needs Content-Length or 'Transfer-Encoding: chunked'.")
        }
        guard codings.isEmpty || (lengths.isEmpty && codings.map { $0.lowercased() } == ["chunked"]), lengths.count < 2
        else {
            throw Refusal(400, "bad_length", "The length of the body is given twice, or in a way not known here.")
        }
        if let length = lengths.first {
            guard let bytes = Int(length), bytes >= 0 else {
                throw Refusal(400, "bad_length", "Content-Length must be a number of bytes.")
            }
            guard bytes <= limit else { throw Self.tooLarge(limit) }
        }
        guard head.headers["Content-Encoding"].isEmpty else {
            throw Refusal(415, "bad_content_type", "The body must not be encoded.")
        }
        try checkType(head.headers)
        return hasBody ? limit : nil
    }

    static func tooLarge(_ limit: Int) -> Refusal {
        Refusal(413, "too_large", "The body may have \(limit) bytes.")
    }

    /// A page of another site can make a browser send the form types, in some browsers without telling where it comes
    /// from.
    private func checkType(_ headers: HTTPHeaders) throws(Refusal) {
        let types = headers["Content-Type"].map { type in
            type.prefix { $0 != ";" }.split(separator: " ").joined().lowercased()
        }
        guard types.count == 1, let type = types.first, !type.isEmpty, !Self.formTypes.contains(type) else {
            throw Refusal(
                415,
                "bad_content_type",
                "The body is the file itself; its Content-Type is the file's, such as audio/wav or application/zip, or "
                    + "application/octet-stream, and is no type of forms."
            )
        }
    }
}
