import ControlProtocol
import Node

/// A page without scripts that says what runs and where the API is, for whoever opens the node's address.
struct StatusPage: Sendable {
    /// What the page may load: its own style sheet.
    static let contentSecurityPolicy = ResponseHeaders.closedPolicy + "; style-src 'self'"

    static let style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; }
        th, td { padding: 0.2rem 1rem 0.2rem 0; text-align: left; }
        th { font-weight: normal; opacity: 0.7; }
        code { font-size: 0.95em; }

        """

    /// What runs; nil while the node does not.
    let status: NodeStatus?
    /// Whether the page with which a person works is served at `/`.
    let hasPage: Bool

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Soundpost</title>
        <link rel="stylesheet" href="/status.css">
        </head>
        <body>
        <h1>Soundpost</h1>
        \(hasPage ? Self.link : Self.advice)
        \(table)
        <h2>Interfaces</h2>
        <ul>
        <li><a href="/docs"><code>/docs</code></a>: every message and every path, for people</li>
        <li><a href="/api/asyncapi.json"><code>/api/asyncapi.json</code></a>: the messages of <code>/ws</code>,
        for programs</li>
        <li><a href="/api/openapi.json"><code>/api/openapi.json</code></a>: the paths, for programs</li>
        <li><a href="/api/status"><code>/api/status</code></a>: this page for programs</li>
        <li><a href="/api/link"><code>/api/link</code></a>: the signal chain</li>
        <li><a href="/api/modules"><code>/api/modules</code></a>: the module types</li>
        <li><a href="/api/profiles"><code>/api/profiles</code></a>: the profiles</li>
        <li><a href="/api/audio/devices"><code>/api/audio/devices</code></a>: the sound cards</li>
        <li><a href="/api/debug/metrics"><code>/api/debug/metrics</code></a>: load of the simulation</li>
        <li><a href="/metrics"><code>/metrics</code></a>: everything that is counted, for Prometheus</li>
        <li><a href="/healthz"><code>/healthz</code></a> and <a href="/readyz"><code>/readyz</code></a>: whether the
        node runs, and whether it can work</li>
        </ul>
        </body>
        </html>

        """
    }

    private static let link = #"<p><a href="/">Open the page</a></p>"#

    private static let advice = """
        <p>The page with which chains are drawn and tuned is not built. Run <code>scripts/page</code> in the \
        repository and start the node again, or name the directory of a built page: <code>soundpost serve --page \
        DIRECTORY</code>.</p>
        """

    private var table: String {
        guard let status else { return "<p>The node is starting or stopping.</p>" }
        let rows = [
            ("Version", status.version),
            ("Simulation", status.simRunning ? "running" : "stopped"),
            ("Chain", "\(status.dsp.channels) channels at \(status.dsp.sampleRate) Hz"),
            ("Mode", status.mode.rawValue),
            ("Device", status.dsp.connected ? "\(status.dsp.protocol) \(status.dsp.target)" : "none"),
            ("Clients", String(status.clients)),
            ("Stored parameters", String(status.paramCount)),
        ]
        let lines = rows.map { "<tr><th>\($0)</th><td>\($1.htmlEscaped)</td></tr>" }
        return "<table>\n" + lines.joined(separator: "\n") + "\n</table>"
    }
}
