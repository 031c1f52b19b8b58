/// A configuration, and what is to be said about names in it that do nothing.
public struct LoadedSettings: Sendable {
    public let settings: Settings
    public let warnings: [SettingsFault]
    /// The file that was read.
    public let file: String?

    /// Lays defaults, file, environment and command line over one another. Any thread.
    ///
    /// - Parameters:
    ///   - file: nil takes the one that `SOUNDPOST_CONFIG` names; without either no file is read.
    ///   - environment: all variables of the process.
    ///   - options: makes the uppermost layer; it is given what the lower ones say, because an option may change a part
    ///     of a value.
    /// - Throws: every fault of every layer at once.
    public static func load(
        file: String? = nil,
        environment: [String: String],
        options: (Settings) throws(SettingsFaults) -> SettingsLayer = { _ in SettingsLayer() }
    ) throws(SettingsFaults) -> LoadedSettings {
        let named = file ?? environment[SettingsEnvironment.configurationFile].flatMap { $0.isEmpty ? nil : $0 }
        let fromFile = named.map(SettingsFile.read(path:)) ?? LayerReading()
        let fromEnvironment = SettingsEnvironment.read(environment)
        var faults = fromFile.faults + fromEnvironment.faults
        var layers = [fromFile.layer, fromEnvironment.layer]
        do throws(SettingsFaults) {
            layers.append(try options(Settings(layers: layers)))
        } catch {
            faults += error.faults
        }
        let settings = Settings(layers: layers)
        faults += contradictions(in: settings)
        guard faults.isEmpty else { throw SettingsFaults(faults) }
        return LoadedSettings(
            settings: settings, warnings: fromFile.warnings + fromEnvironment.warnings, file: named)
    }

    /// Settings that are good alone and not together.
    private static func contradictions(in settings: Settings) -> [SettingsFault] {
        let certificate = settings[SettingCatalog.tlsCertificate]
        let key = settings[SettingCatalog.tlsKey]
        let names = "\(SettingCatalog.tlsCertificate.key) and \(SettingCatalog.tlsKey.key)"
        if certificate.isEmpty != key.isEmpty {
            return [
                settings.fault(
                    in: certificate.isEmpty ? SettingCatalog.tlsKey : SettingCatalog.tlsCertificate,
                    "Certificate and key belong together; set \(names)."
                )
            ]
        }
        switch settings[SettingCatalog.listenURL].scheme {
        case .https where certificate.isEmpty:
            return [settings.fault(in: SettingCatalog.listenURL, "An https address needs \(names).")]
        case .http where !certificate.isEmpty:
            return [
                settings.fault(
                    in: SettingCatalog.listenURL,
                    "Certificates are set, so the address must begin with https://."
                )
            ]
        default: return []
        }
    }
}
