import AudioEngine
import ControlProtocol
import Foundation
import Node
import Storage

/// The body of `GET /metrics`: server, node, engine, journal and process.
///
/// Labels have few values: wire names of messages that the node knows, codes of its own, cores.
struct MetricsReport {
    /// Nil while the node does not run.
    let figures: NodeFigures?
    let server: ServerCounters.Snapshot
    let process: ProcessFigures
    /// Seconds since 1970 at which the server began.
    let startTime: Double

    var text: String {
        var text = PrometheusText()
        text.gauge(
            "soundpost_build_info", "Always 1; the label is the version.", 1,
            labels: [("version", ProductVersion.current)]
        )
        text.gauge("soundpost_node_running", "1 while the node runs.", figures == nil ? 0 : 1)
        if let figures {
            add(figures, to: &text)
            add(figures.engine, metrics: figures.metrics, to: &text)
            add(figures.journal, to: &text)
            add(figures.channels, to: &text)
            text.counters(
                "soundpost_extension_dropped_events_total", "Events of extensions that were not handed on to clients.",
                by: "extension", figures.droppedExtensionEvents.map { ($0.id, Double($0.count)) }
            )
        }
        addServer(to: &text)
        addProcess(to: &text)
        return text.text
    }

    private func add(_ figures: NodeFigures, to text: inout PrometheusText) {
        text.gauge("soundpost_clients", "Clients connected to the node.", Double(figures.clients))
        text.gauge("soundpost_parameters", "Stored parameter values of the chain in force.", Double(figures.parameters))
        text.counters(
            "soundpost_requests_total", "Requests of clients that were answered, refusals included, by wire name.",
            by: "type",
            figures.requests.filter { MessageCatalog.standard.types.contains($0.key) }
                .sorted { $0.key < $1.key }.map { ($0.key, Double($0.value)) }
        )
        text.counter("soundpost_refusals_total", "Requests of clients that were refused.", Double(figures.refusals))
    }

    private func add(_ status: EngineStatus, metrics: EngineMetrics?, to text: inout PrometheusText) {
        text.gauge("soundpost_engine_running", "1 while the engine runs.", status.isRunning ? 1 : 0)
        text.gauge("soundpost_engine_failed", "1 when the engine stopped by itself.", status.failure == nil ? 0 : 1)
        text.gauge("soundpost_engine_modules", "Modules of the chain.", Double(status.loadedModules))
        text.gauge(
            "soundpost_engine_latency_seconds", "From the chain's input to its output.",
            status.sampleRate > 0 ? Double(status.latencySamples) / Double(status.sampleRate) : 0
        )
        let counters: [(String, String, UInt64)] = [
            ("frames", "Frames processed since the engine's start.", status.frames),
            ("dropped_frames", "Frames never processed because the driver came too late.", status.droppedFrames),
            (
                "missed_input_frames", "Frames for which the source was late; they were silent.",
                status.missedInputFrames
            ),
            ("lost_output_frames", "Frames that the sink could not take in time.", status.lostOutputFrames),
            ("clipped_samples", "Output samples beyond full scale.", status.clippedSamples),
            ("non_finite_inputs", "Input samples that were not finite and became zero.", status.nonFiniteInputs),
            (
                "non_finite_outputs", "Frames in which a module was muted because its output was not finite.",
                status.nonFiniteOutputs
            ),
            ("refused_events", "Parameter changes that the running plan did not take.", status.refusedEvents),
        ]
        for (name, help, value) in counters {
            text.counter("soundpost_engine_\(name)_total", help, Double(value))
        }
        guard let metrics else { return }
        text.gauge(
            "soundpost_engine_load_ratio", "Share of a frame's time that the whole chain takes.", metrics.cpuLoad / 100
        )
        text.gauges(
            "soundpost_engine_core_load_ratio", "Share of a frame's time that a simulated core takes.", by: "core",
            metrics.cores.enumerated().map { ("\($0)", $1.loadPercent / 100) }
        )
        text.histogram(
            "soundpost_engine_block_seconds", "Duration of one frame's processing.",
            bounds: EngineMetrics.BlockTime.bounds.map { $0 / 1e6 }, counts: metrics.blockTimeUs.counts,
            sum: metrics.blockTimeUs.total / 1e6
        )
    }

    private func add(_ journal: JournalFigures, to text: inout PrometheusText) {
        text.histogram(
            "soundpost_journal_commit_seconds", "Duration of a commit of changes to disk.",
            bounds: JournalFigures.bounds, counts: journal.counts, sum: journal.totalSeconds
        )
        text.counter("soundpost_journal_changes_total", "Changes that were committed.", Double(journal.changes))
        text.counter("soundpost_journal_failures_total", "Commits that failed.", Double(journal.failures))
    }

    /// Of each channel to a program beside the node. A tap's reader and an extension that was restarted begin at zero.
    private func add(_ channels: [ChannelFigures], to text: inout PrometheusText) {
        func labels(_ channel: ChannelFigures) -> [PrometheusText.Label] {
            [("channel", channel.channel), ("kind", channel.kind)]
        }
        let counters: [(String, String, (ChannelFigures) -> Int)] = [
            ("sent_messages", "Messages to the other end.", \.messagesSent),
            ("received_messages", "Messages from the other end.", \.messagesReceived),
            ("sent_bytes", "Bytes of messages to the other end.", \.bytesSent),
            ("received_bytes", "Bytes of messages from the other end.", \.bytesReceived),
            ("errors", "Messages that could not be sent, read or handled.", \.errors),
            ("dropped_messages", "Messages given up because the other end was too slow.", \.dropped),
        ]
        for (name, help, value) in counters {
            text.counters("soundpost_channel_\(name)_total", help, channels.map { (labels($0), Double(value($0))) })
        }
        let gauges: [(String, String, (ChannelFigures) -> Double)] = [
            ("queue_messages", "Messages that wait to be sent or to be taken.", { Double($0.queueLength) }),
            ("queue_peak_messages", "The most messages that waited.", { Double($0.peakQueueLength) }),
            ("uptime_seconds", "Since the channel was opened.", { $0.uptime / .seconds(1) }),
        ]
        for (name, help, value) in gauges {
            text.gauges("soundpost_channel_\(name)", help, channels.map { (labels($0), value($0)) })
        }
        text.gauges(
            "soundpost_channel_request_max_seconds", "The longest wait for an answer.",
            channels.compactMap { channel in channel.latency.map { (labels(channel), $0.max) } }
        )
        text.summaries(
            "soundpost_channel_request_seconds", "From a request's sending to its answer's arrival.",
            channels.compactMap { channel in
                channel.latency.map { latency in
                    PrometheusText.Summary(
                        labels: labels(channel),
                        quantiles: [("0.5", latency.p50), ("0.99", latency.p99), ("0.999", latency.p999)],
                        sum: latency.mean * Double(latency.requests), count: latency.requests)
                }
            }
        )
    }

    private func addServer(to text: inout PrometheusText) {
        text.counter("soundpost_connections_total", "Connections that were taken.", Double(server.connections))
        text.counter(
            "soundpost_refused_connections_total", "Connections that were one too many.",
            Double(server.refusedConnections)
        )
        text.counters(
            "soundpost_http_responses_total", "HTTP answers of the routes by class of status.", by: "class",
            server.answers.map { ("\($0.status)xx", Double($0.count)) }
        )
        text.counters(
            "soundpost_rejected_requests_total", "Requests and handshakes turned away by their header, by code.",
            by: "code", server.rejections.map { ($0.code, Double($0.count)) }
        )
        text.gauge("soundpost_websockets", "Open WebSocket connections.", Double(server.webSockets))
        text.gauge(
            "soundpost_listeners", "Open WebSocket connections that listen to the chain.", Double(server.listeners)
        )
        text.counter(
            "soundpost_websocket_received_messages_total", "Messages of clients.", Double(server.messagesReceived)
        )
        text.counter("soundpost_websocket_sent_messages_total", "Messages to clients.", Double(server.messagesSent))
        text.gauge(
            "soundpost_outbound_queue_bytes", "Bytes that wait to be sent, all clients together.",
            Double(server.waitingBytes)
        )
        text.gauge(
            "soundpost_outbound_queue_max_bytes", "Bytes that wait for the client for which most wait.",
            Double(server.longestQueueBytes)
        )
        text.counter(
            "soundpost_dropped_meters_total", "Meters and log lines that gave way because a client read too slowly.",
            Double(server.droppedMeters)
        )
        text.counter(
            "soundpost_dropped_sound_total", "Pieces of sound that listeners missed because they read too slowly.",
            Double(server.droppedSound)
        )
    }

    private func addProcess(to text: inout PrometheusText) {
        text.counter(
            "process_cpu_seconds_total", "Processor time in user and system mode.", process.cpuSeconds)
        if let bytes = process.residentBytes {
            text.gauge("process_resident_memory_bytes", "Resident memory.", bytes)
        }
        if let files = process.openFiles {
            text.gauge("process_open_fds", "Open file descriptors.", Double(files))
        }
        text.gauge("process_start_time_seconds", "Start of the server since 1970.", startTime)
    }
}
