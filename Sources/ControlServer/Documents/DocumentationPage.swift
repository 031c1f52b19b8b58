import ChainModel
import ControlProtocol
import HTTPTypes

/// The interface for people: a page without scripts, made of the same routes and messages as the documents for
/// programs.
struct DocumentationPage: Sendable {
    /// What the page may load: its own style sheet.
    static let contentSecurityPolicy = StatusPage.contentSecurityPolicy

    let routes: [Route]
    let areas: [(area: String, messages: [MessageDocument])]
    let version: String

    func html() throws -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Soundpost interface</title>
        <link rel="stylesheet" href="/docs.css">
        </head>
        <body>
        <header>
        <h1>Soundpost interface</h1>
        <p>Version \(version.htmlEscaped). For programs: <a href="/api/asyncapi.json">AsyncAPI</a> (messages),
        <a href="/api/openapi.json">OpenAPI</a> (paths). <a href="/status">What runs</a></p>
        </header>
        <nav aria-label="Contents">
        \(contents)
        </nav>
        <main>
        \(Self.introduction)
        \(try areas.map(section).joined(separator: "\n"))
        <section>
        <h2 id="http">HTTP</h2>
        <p>Reading, and files. HEAD is answered wherever GET is. A refusal is an object of type
        <a href="#error"><code>error</code></a>.</p>
        \(routes.map(article).joined(separator: "\n"))
        </section>
        \(commonAnswers)
        </main>
        </body>
        </html>

        """
    }

    private static let introduction = """
        <section>
        <h2 id="websocket">WebSocket</h2>
        <p>Connect to <code>/ws</code>. Every message is one JSON object in one text frame, told apart by
        <code>type</code>. Keys that a message does not name are ignored.</p>
        <ul>
        <li>A request may carry <code>requestId</code>, a string or a whole number; its answer brings it back.</li>
        <li>A request is answered by the message named with it, or by <a href="#error"><code>error</code></a>. Answers
        that have <code>success</code> say no with <code>error</code>, <code>code</code> and, where one is at fault,
        <code>field</code>. A refused request has changed nothing.</li>
        <li>What one client changes, the others are told.</li>
        <li><code>/ws?client=NAME</code> names the client in the history, so that it can undo after it has connected
        again: 1 to 64 letters, digits and <code>_ . # -</code>, not beginning with <code>ws-</code>.</li>
        <li>Where the node asks for an access token: <code>Authorization: Bearer TOKEN</code>, or
        <code>?token=TOKEN</code> on the WebSocket.</li>
        </ul>
        <p>Connect to <code>/ws/audio</code> to listen. What the chain plays, behind the output level, comes as binary
        messages, little-endian: number of the message since the connection began (u32), sample rate in Hz (u32),
        channels (u16), sample frames in the message (u16), then the samples interleaved (f32, full scale is 1).
        Whoever reads too slowly misses whole messages, which the numbers show; while the engine is stopped none
        comes. What a listener sends is ignored.</p>
        </section>
        """

    private var contents: String {
        let messages = areas.map { area in
            let links = area.messages.map { "<a href=\"#\($0.type)\">\($0.type)</a>" }
            return "<details open><summary><a href=\"#\(Self.anchor(area.area))\">\(area.area)</a></summary>"
                + links.joined(separator: " ") + "</details>"
        }
        let paths = routes.map {
            "<a href=\"#\(Self.anchor(of: $0))\">\($0.method.rawValue) \($0.path.htmlEscaped)</a>"
        }
        return messages.joined(separator: "\n")
            + "\n<details open><summary><a href=\"#http\">HTTP</a></summary>\(paths.joined(separator: " "))</details>"
    }

    private func section(_ area: (area: String, messages: [MessageDocument])) throws -> String {
        """
        <section>
        <h2 id="\(Self.anchor(area.area))">\(area.area)</h2>
        \(try area.messages.map(article).joined(separator: "\n"))
        </section>
        """
    }

    private func article(_ message: MessageDocument) throws -> String {
        let rows = FieldRows(message.schema).rows
        let also = message.aliases.isEmpty ? "" : " <small>or \(message.aliases.joined(separator: ", "))</small>"
        return """
            <article>
            <h3 id="\(message.type)"><a href="#\(message.type)">\(message.type)</a>\(also)</h3>
            <p class="way">\(Self.way(of: message))</p>
            <p>\(message.summary.htmlLine)</p>
            \(Self.table(rows))
            <pre><code>\(try MessageEncoder().readable(message.example).htmlEscaped)</code></pre>
            </article>
            """
    }

    private static func way(of message: MessageDocument) -> String {
        switch message.part {
        case .request(let answers):
            let links = answers.map { "<a href=\"#\($0)\">\($0)</a>" }
            return "client → node, answered by \(links.joined(separator: " or "))"
        case .answer: return "node → client, an answer"
        case .event: return "node → client, unasked"
        case .answerAndEvent: return "node → client, an answer and unasked"
        }
    }

    private func article(_ route: Route) -> String {
        let parameters = route.parameters.map { parameter in
            "<tr><td><code>\(parameter.name)</code></td><td>in the \(parameter.place.rawValue)</td>"
                + "<td>\(parameter.summary.htmlLine) Such as <code>\(parameter.example.htmlEscaped)</code>.</td></tr>"
        }
        let answers = route.answers.map { answer in
            let codes =
                answer.codes.isEmpty ? "" : " Code <code>\(answer.codes.joined(separator: "</code>, <code>"))</code>."
            return "<tr><td>\(answer.status)</td><td><code>\(answer.type ?? "")</code></td>"
                + "<td>\(answer.summary.htmlLine)\(codes)</td></tr>"
        }
        let body = route.body.map { "<p>Body <code>\($0.type)</code>: \($0.summary.htmlLine)</p>" } ?? ""
        let table =
            parameters.isEmpty ? "" : Self.table(head: ["Parameter", "Place", "Meaning"], parameters)
        let fields = route.answers.first { $0.status < 300 && $0.type == "application/json" }?.schema
        let rows = fields.map { FieldRows($0).rows } ?? []
        let listing =
            rows.isEmpty ? "" : "<details><summary>Fields of the answer</summary>\(Self.table(rows))</details>"
        let anchor = Self.anchor(of: route)
        return """
            <article>
            <h3 id="\(anchor)"><a href="#\(anchor)">\(route.method.rawValue) \(route.path.htmlEscaped)</a></h3>
            <p>\(route.summary.htmlLine)</p>
            \(table)
            \(body)
            \(Self.table(head: ["Status", "Type", "Answer"], answers))
            \(listing)
            </article>
            """
    }

    private var commonAnswers: String {
        let rows = CommonAnswers.all.map { answer in
            "<tr><td>\(answer.status)</td><td><code>\(answer.codes.joined(separator: "</code> <code>"))</code></td>"
                + "<td>\(answer.summary.htmlLine)</td></tr>"
        }
        return """
            <section>
            <h2 id="refusals">Refusals of any request</h2>
            <p>Besides its own answers a path may refuse with these.</p>
            \(Self.table(head: ["Status", "Code", "Meaning"], rows))
            </section>
            """
    }

    private static func table(_ rows: [FieldRows.Row]) -> String {
        table(
            head: ["Field", "Type", ""],
            rows.map { row in
                "<tr><td><code>\(row.path.htmlEscaped)</code></td><td>\(row.type.htmlEscaped)</td>"
                    + "<td>\(row.isRequired ? "" : "optional")</td></tr>"
            }
        )
    }

    private static func table(head: [String], _ rows: [String]) -> String {
        let cells = head.map { "<th scope=\"col\">\($0)</th>" }.joined()
        return "<div class=\"wide\"><table><thead><tr>\(cells)</tr></thead><tbody>\n"
            + rows.joined(separator: "\n") + "\n</tbody></table></div>"
    }

    private static func anchor(_ area: String) -> String { "area-\(area.lowercased())" }

    private static func anchor(of route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }
        return "http-\(route.method.rawValue.lowercased())-" + (words.isEmpty ? "root" : words.joined(separator: "-"))
    }
}
