import AudioEngine
import ControlServer
import Extensions
import Foundation
import Logging
import Node
import Settings
import WireFormats

/// What the settings mean to the parts of a node.
struct NodeSettings: Sendable {
    let settings: Settings
    let node: NodeConfiguration
    private let address: ListenAddress

    /// Checks what the forms of the settings leave open.
    ///
    /// - Throws: every fault at once, each with the place that set the value.
    init(_ settings: Settings) throws(SettingsFaults) {
        var faults: [SettingsFault] = []
        func read<Value, Result>(_ setting: Setting<Value>, _ body: (Value) throws -> Result) -> Result? {
            do {
                return try body(settings[setting])
            } catch {
                faults.append(settings.fault(in: setting, "\(error)"))
                return nil
            }
        }
        let address = read(SettingCatalog.listenURL) { try ListenAddress(host: $0.host, port: $0.port) }
        let source = read(SettingCatalog.source) { try SourceDescription(argument: $0) }
        let sink = read(SettingCatalog.sink) { try SinkDescription(argument: $0) }
        _ = read(SettingCatalog.corsOrigins) { try ControlServerConfiguration(corsOrigins: $0) }
        _ = read(SettingCatalog.allowedHosts) { try ControlServerConfiguration(allowedHosts: $0) }
        _ = read(SettingCatalog.allowedOrigins) { try ControlServerConfiguration(allowedOrigins: $0) }
        let extensions = read(SettingCatalog.extensionFolders) { folders in
            try ExtensionManifest.all(in: folders.map { URL(fileURLWithPath: $0, isDirectory: true) })
        }
        let programs = read(SettingCatalog.extensionPrograms) { programs in
            let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
            return try ExtensionManifest.all(in: programs, folder: here, besides: extensions ?? [])
        }
        let directory = settings[SettingCatalog.dataDirectory]
        if directory.isEmpty {
            faults.append(settings.fault(in: SettingCatalog.dataDirectory, "The directory needs a name."))
        }
        guard faults.isEmpty, let address, let source, let sink, let extensions, let programs else {
            throw SettingsFaults(faults)
        }
        self.settings = settings
        self.address = address
        var node = NodeConfiguration(
            dataDirectory: URL(fileURLWithPath: directory, isDirectory: true),
            source: Self.source(source, in: settings),
            sink: Self.sink(sink, in: settings),
            cores: settings[SettingCatalog.simCoreCount],
            startSimulation: settings[SettingCatalog.startSimulation]
        )
        node.historyLimit = settings[SettingCatalog.historyLimit]
        node.auditLogMegabytes = settings[SettingCatalog.auditLogMegabytes]
        node.keepsJournal = settings[SettingCatalog.keepsJournal]
        node.maxLoadPercent = settings[SettingCatalog.maxLoadPercent]
        node.metricsInterval = settings[SettingCatalog.metricsInterval]
        node.keptLogLines = settings[SettingCatalog.maxLogBuffer]
        node.extensions = extensions + programs
        self.node = node
    }

    var logLevel: Logger.Level { Logger.Level(rawValue: settings[SettingCatalog.logLevel]) ?? .info }

    /// Reads the access token, or makes one, if clients need it.
    func access() throws(ControlServerError) -> NodeAccess {
        guard !address.isLoopback || settings[SettingCatalog.requireToken] else { return NodeAccess() }
        let path = settings[SettingCatalog.tokenFile]
        let file =
            path.isEmpty
            ? node.dataDirectory.appending(path: "token", directoryHint: .notDirectory) : URL(fileURLWithPath: path)
        let (token, isNew) = try AccessToken.load(from: file)
        return NodeAccess(token: token, newFile: isNew ? file : nil)
    }

    func server(_ access: NodeAccess) throws(ControlServerError) -> ControlServerConfiguration {
        var limits = ServerLimits()
        limits.connections = settings[SettingCatalog.maxConnections]
        limits.messagesPerSecond = settings[SettingCatalog.maxMessagesPerSecond]
        limits.messageBurst = 2 * limits.messagesPerSecond
        return try ControlServerConfiguration(
            host: address.host,
            port: address.port,
            allowedHosts: settings[SettingCatalog.allowedHosts],
            allowedOrigins: settings[SettingCatalog.allowedOrigins],
            corsOrigins: settings[SettingCatalog.corsOrigins],
            token: access.token,
            tls: certificates,
            page: page.directory,
            limits: limits
        )
    }

    /// Where the page is looked for.
    var page: PageDirectory { PageDirectory(setting: settings[SettingCatalog.page]) }

    private var certificates: TLSFiles? {
        guard settings[SettingCatalog.listenURL].scheme == .https else { return nil }
        return TLSFiles(
            certificate: URL(fileURLWithPath: settings[SettingCatalog.tlsCertificate]),
            privateKey: URL(fileURLWithPath: settings[SettingCatalog.tlsKey])
        )
    }

    private static func source(_ source: SourceDescription, in settings: Settings) -> SourceDescription {
        let device = settings[SettingCatalog.defaultInputDevice]
        guard case .card(name: nil, let channels) = source, !device.isEmpty else { return source }
        return .card(name: device, channels: channels)
    }

    private static func sink(_ sink: SinkDescription, in settings: Settings) -> SinkDescription {
        let device = settings[SettingCatalog.defaultOutputDevice]
        guard case .card(name: nil, let channels) = sink, !device.isEmpty else { return sink }
        return .card(name: device, channels: channels)
    }
}
