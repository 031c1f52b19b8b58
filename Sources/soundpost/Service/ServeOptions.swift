import ArgumentParser
import Foundation
import Settings

/// The options that set the configuration of a node: of `serve`, and of `config show`, which tells what `serve` would
/// do.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Configuration file. (default: $SOUNDPOST_CONFIG, else none)", valueName: "file"))
    var config: String?

    @Option(help: "Address to listen on. Off loopback, clients need the access token. (default: 127.0.0.1)")
    var host: String?

    @Option(help: "Port to listen on; 0 takes a free one. (default: 5000)")
    var port: Int?

    @Option(
        help: ArgumentHelp("Directory with the node's state; made when absent. (default: ./data)", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Directory of the built page. (default: beside the program, else web/dist here or where it was built)",
            valueName: "dir"))
    var page: String?

    @Option(
        help: "Where sound comes from: generator, file:PATH (loops), card[@3,4][:NAME] or silence. (default: generator)"
    )
    var source: String?

    @Option(help: "Where sound goes: none, browser, file:PATH or card[@3,4][:NAME]. (default: none)")
    var sink: String?

    @Option(help: "Simulated cores, 1…16. (default: 2)")
    var cores: Int?

    @Option(
        help: ArgumentHelp(
            "Folders of extensions that the node runs, with commas between them. (default: none)", valueName: "dirs"))
    var extensions: String?

    @Flag(name: .customLong("no-sim"), help: "Start without the simulation; a client starts it.")
    var startsWithoutSimulation = false

    @Flag(name: .customLong("no-journal"), help: "Forget values and history when the node stops.")
    var keepsNoJournal = false

    @Option(help: "Least level of the log lines on standard error: trace to critical. (default: info)")
    var logLevel: String?

    @Option(help: "Form of the log lines: text, or json for one object a line. (default: text)")
    var logFormat: String?

    /// What the options say must be good by itself, or it is wrong usage.
    func validate() throws {
        do {
            _ = try NodeSettings(Settings(layers: [try layer(over: Settings())]))
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// The settings in effect: defaults, file, environment and these options.
    ///
    /// - Throws: every fault at once.
    func load() throws(SettingsFaults) -> LoadedSettings {
        try LoadedSettings.load(
            file: config,
            environment: ProcessInfo.processInfo.environment,
            options: layer
        )
    }

    /// - Parameter lower: what is said already; host and port each replace a part of an address.
    private func layer(over lower: Settings) throws(SettingsFaults) -> SettingsLayer {
        var builder = OptionLayer()
        if host != nil || port != nil {
            var url = lower[SettingCatalog.listenURL]
            url.host = host.map(Self.withoutBrackets) ?? url.host
            url.port = port ?? url.port
            let names = [host.map { _ in "--host" }, port.map { _ in "--port" }].compactMap(\.self)
            builder.set(SettingCatalog.listenURL, url, by: names.joined(separator: ", "))
        }
        builder.set(SettingCatalog.dataDirectory, data, by: "--data")
        builder.set(SettingCatalog.page, page, by: "--page")
        builder.set(SettingCatalog.source, source, by: "--source")
        builder.set(SettingCatalog.sink, sink, by: "--sink")
        builder.set(SettingCatalog.simCoreCount, cores, by: "--cores")
        let folders = extensions.map { $0.split(separator: ",").map(String.init) }
        builder.set(SettingCatalog.extensionFolders, folders, by: "--extensions")
        builder.set(SettingCatalog.startSimulation, startsWithoutSimulation ? false : nil, by: "--no-sim")
        builder.set(SettingCatalog.keepsJournal, keepsNoJournal ? false : nil, by: "--no-journal")
        builder.set(SettingCatalog.logLevel, logLevel, by: "--log-level")
        builder.set(SettingCatalog.logFormat, text: logFormat, by: "--log-format")
        guard builder.faults.isEmpty else { throw SettingsFaults(builder.faults) }
        return builder.layer
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
