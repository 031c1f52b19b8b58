import ControlProtocol
import HTTPTypes
import Hummingbird

/// Whether the node works, and how: for supervisors and monitors.
extension Routes {
    var observing: [Route] {
        [
            Route(
                method: .get,
                path: "/healthz",
                summary: "Whether the node runs.",
                answers: [.json("It runs.", .object([.init("status", .enumeration(["ok"]))])), Self.notRunningAnswer],
                handler: { _, _ in
                    guard await backend.status() != nil else { throw Self.notRunning }
                    return Self.response(#"{"status":"ok"}"#)
                }
            ),
            Route(
                method: .get,
                path: "/readyz",
                summary: "Whether the node can work: it runs, changes reach the disk, the engine has not failed.",
                answers: [
                    .json("It can.", JSONSchema(of: Readiness.self)),
                    .json("It cannot; the reasons say why.", JSONSchema(of: Readiness.self), status: 503),
                ],
                handler: { _, _ in
                    let readiness = Readiness(await backend.figures())
                    return try Self.json(readiness, status: readiness.ready ? .ok : .serviceUnavailable)
                }
            ),
            Route(
                method: .get,
                path: "/metrics",
                summary: "Everything that is counted, in Prometheus' text format 0.0.4.",
                answers: [.content("The metrics.", type: PrometheusText.contentType)],
                handler: { _, _ in
                    let report = MetricsReport(
                        figures: await backend.figures(),
                        server: counters.snapshot(),
                        process: .now(),
                        startTime: counters.startTime
                    )
                    return Self.response(report.text, type: PrometheusText.contentType)
                }
            ),
        ]
    }
}
