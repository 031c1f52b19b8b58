public import WireFormats

/// All settings. Parsing, checks, defaults, the example file and `config show` come from this table alone.
public enum SettingCatalog {
    // MARK: Backend

    public static let listenURL = Setting<ListenURL>(
        "Backend", "ListenUrl", .listenURL, ListenURL(host: "127.0.0.1", port: 5000), options: ["--host", "--port"],
        "Where the control interface listens; port 0 takes a free one. Off loopback every client needs the token."
    )
    public static let dataDirectory = Setting<String>(
        "Backend", "DataDirectory", .text, "./data", options: ["--data"],
        "Directory with the node's state; made when absent."
    )
    public static let page = Setting<String>(
        "Backend", "Page", .text, "", options: ["--page"], effect: .reload,
        "Directory of the built page; empty: beside the program, else web/dist here or where it was built."
    )
    public static let tlsCertificate = Setting<String>(
        "Backend", "TlsCert", .text, "", effect: .reload,
        "Certificate chain (PEM) of an https address; empty: none."
    )
    public static let tlsKey = Setting<String>(
        "Backend", "TlsKey", .text, "", effect: .reload,
        "Private key (PEM) of an https address; empty: none."
    )
    public static let corsOrigins = Setting<[String]>(
        "Backend", "CorsOrigins", .list, [], effect: .reload,
        "Origins whose pages may read answers, such as https://panel.example."
    )
    public static let allowedHosts = Setting<[String]>(
        "Backend", "AllowedHosts", .list, [], effect: .reload,
        "Further Host headers that are answered, NAME or NAME:PORT; for use behind a proxy."
    )
    public static let allowedOrigins = Setting<[String]>(
        "Backend", "AllowedOrigins", .list, [], effect: .reload,
        "Further Origin headers that are answered, SCHEME://NAME or SCHEME://NAME:PORT."
    )
    public static let tokenFile = Setting<String>(
        "Backend", "TokenFile", .text, "", effect: .reload,
        "File with the access token, made on first use; empty: the file 'token' in the data directory."
    )
    public static let requireToken = Setting<Bool>(
        "Backend", "RequireToken", .flag, false, effect: .reload,
        "Whether clients need the token on loopback too."
    )
    public static let maxConnections = Setting<Int>(
        "Backend", "MaxConnections", .whole(1...100_000), 12_000, effect: .reload,
        "Open connections at once; one more is answered 503."
    )
    public static let maxMessagesPerSecond = Setting<Int>(
        "Backend", "MaxMessagesPerSecond", .whole(1...1_000_000), 2000, effect: .reload,
        "Messages that one client may send each second in the long run; twice as many at once after a pause."
    )
    public static let logLevel = Setting<String>(
        "Backend", "LogLevel", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), "info",
        options: ["--log-level"], effect: .reload,
        "Least level of the log lines on standard error."
    )
    public static let logFormat = Setting<LogFormat>(
        "Backend", "LogFormat", .choice(LogFormat.allCases.map(\.rawValue)), .text, options: ["--log-format"],
        "Form of the log lines: text, or one JSON object a line."
    )

    // MARK: AudioEngine

    public static let source = Setting<String>(
        "AudioEngine", "Source", .text, "generator", options: ["--source"],
        "Where sound comes from: generator, file:PATH (loops), card[@3,4][:NAME] or silence."
    )
    public static let sink = Setting<String>(
        "AudioEngine", "Sink", .text, "none", options: ["--sink"],
        "Where sound goes: none, browser, file:PATH or card[@3,4][:NAME]."
    )
    public static let defaultInputDevice = Setting<String>(
        "AudioEngine", "DefaultInputDevice", .text, "",
        "The card that the source 'card' means; empty: the system's default."
    )
    public static let defaultOutputDevice = Setting<String>(
        "AudioEngine", "DefaultOutputDevice", .text, "",
        "The card that the sink 'card' means; empty: the system's default."
    )
    public static let simCoreCount = Setting<Int>(
        "AudioEngine", "SimCoreCount", .whole(1...16), 2, options: ["--cores"],
        "Simulated cores."
    )
    public static let maxLoadPercent = Setting<Double>(
        "AudioEngine", "MaxLoadPercent", .number(10...100), 85,
        "A new chain runs beside the old one while it fades only when their load together stays below this."
    )
    public static let startSimulation = Setting<Bool>(
        "AudioEngine", "StartSimulation", .flag, true, options: ["--no-sim"],
        "Whether the simulation runs as soon as the node has started."
    )

    // MARK: Debug

    public static let metricsInterval = Setting<Int>(
        "Debug", "DefaultMetricsIntervalMs", .whole(50...10_000), 500,
        "Milliseconds between two debug_metrics messages for clients that name no interval."
    )
    public static let maxLogBuffer = Setting<Int>(
        "Debug", "MaxLogBuffer", .whole(1...100_000), 2000,
        "Log lines that are kept for clients that connect later."
    )

    // MARK: Extensions

    public static let extensionFolders = Setting<[String]>(
        "Extensions", "Folders", .list, [], options: ["--extensions"],
        "Folders of extensions, programs that the node runs: each has an extension.json, or has such folders in it."
    )

    public static let extensionPrograms = Setting<[JSONValue]>(
        "Extensions", "Programs", .objects, [],
        "Further extensions: objects with id, command and env as in an extension.json; the section may be this list."
    )

    // MARK: Storage

    public static let historyLimit = Setting<Int>(
        "Storage", "HistoryLimit", .whole(100...1_000_000), 10_000,
        "Entries of the history that are kept; older ones cannot be undone."
    )
    public static let auditLogMegabytes = Setting<Int>(
        "Storage", "AuditLogMegabytes", .whole(0...10_000), 16,
        "Size at which the audit log begins a new file; 0 keeps none."
    )
    public static let keepsJournal = Setting<Bool>(
        "Storage", "Journal", .flag, true, options: ["--no-journal"],
        "Whether values and history are kept on disk; chains, presets and profiles always are."
    )

    /// In the order of the example file; the settings of a section stand together.
    public static let all: [SettingDefinition] = [
        listenURL.definition, dataDirectory.definition, page.definition, tlsCertificate.definition, tlsKey.definition,
        corsOrigins.definition, allowedHosts.definition, allowedOrigins.definition, tokenFile.definition,
        requireToken.definition, maxConnections.definition, maxMessagesPerSecond.definition, logLevel.definition,
        logFormat.definition,
        source.definition, sink.definition, defaultInputDevice.definition, defaultOutputDevice.definition,
        simCoreCount.definition, maxLoadPercent.definition, startSimulation.definition,
        metricsInterval.definition, maxLogBuffer.definition,
        extensionFolders.definition, extensionPrograms.definition,
        historyLimit.definition, auditLogMegabytes.definition, keepsJournal.definition,
    ]

    /// Names of the sections in the order of the example file.
    static let sections: [String] = all.reduce(into: []) { sections, definition in
        if sections.last != definition.key.section { sections.append(definition.key.section) }
    }
}
