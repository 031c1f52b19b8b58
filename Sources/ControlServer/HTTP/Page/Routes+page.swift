import ControlProtocol
import HTTPTypes
import Hummingbird

/// The page with which a person works: files that were built beforehand.
extension Routes {
    var page: [Route] {
        [
            Route(
                method: .get,
                path: "/",
                summary: "The page; where none is built, what `/status` says.",
                answers: [
                    .content("The page.", type: PageFileName.index.type), Self.unchanged,
                    .refusal(404, "The directory of the page has none.", codes: Self.noPage.code),
                ],
                handler: { request, _ in
                    guard let files = try live.current.page else { return try await statusPage() }
                    guard let answer = try await Self.answer(.index, of: files, to: request) else { throw Self.noPage }
                    return answer
                }
            ),
            Route(
                method: .get,
                path: Self.filePath,
                summary: "What the page consists of. Needs no token: the files are the same for everybody.",
                parameters: [
                    .init(
                        name: "file",
                        place: .path,
                        summary: "A file that the build of the page has made.",
                        schema: .pattern(#"^[A-Za-z0-9_-][A-Za-z0-9._-]*\.(\#(Self.endings.joined(separator: "|")))$"#),
                        example: "app.js"
                    )
                ],
                answers: Set(PageFileName.types.values).sorted().map { .content("The file.", type: $0) }
                    + [Self.unchanged],
                handler: { request, context in
                    guard let files = try live.current.page,
                        let name = PageFileName(try context.parameters.require("file")),
                        let answer = try await Self.answer(name, of: files, to: request)
                    else { throw HTTPError(.notFound) }
                    return answer
                }
            ),
        ]
    }

    static let filePath = "/{file}"

    private static let endings = PageFileName.types.keys.sorted()

    private static let unchanged = Route.Answer(
        status: 304, summary: "The client's copy is still good.", type: nil, schema: nil, codes: [])

    private static let noPage = Refusal(
        404, "no_page",
        "The page's directory holds no index.html now. scripts/page builds the page; /status says what runs.")

    /// What the page may load: its own files, pictures and downloads that it makes, and this server's answers.
    private static let pagePolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
        worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    /// A script that runs as a worker is bound by the policy that came with it: the one that listens speaks to this
    /// server.
    private static let scriptPolicy = ResponseHeaders.closedPolicy + "; connect-src 'self'"

    private static func answer(
        _ name: PageFileName,
        of files: PageFiles,
        to request: Request
    ) async throws -> Response? {
        let acceptsGzip = ContentCoding.acceptsGzip(request.headers[values: .acceptEncoding])
        guard let content = try await files.content(of: name, acceptsGzip: acceptsGzip) else { return nil }
        var headers: HTTPFields = [
            .eTag: content.tag.text,
            .cacheControl: "no-cache",
            .vary: "Accept-Encoding, Origin",
        ]
        switch name.type {
        case PageFileName.index.type: headers[.contentSecurityPolicy] = pagePolicy
        case PageFileName.script: headers[.contentSecurityPolicy] = scriptPolicy
        default: break
        }
        guard !content.tag.isKnown(to: request.headers[values: .ifNoneMatch]) else {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = name.type
        if content.isCompressed {
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: content.bytes))
    }
}
