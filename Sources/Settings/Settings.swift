/// The configuration in effect: for every setting its value and where that was set.
public struct Settings: Sendable {
    /// One line of a listing.
    public struct Item: Sendable, Hashable {
        public let definition: SettingDefinition
        public let value: SettingValue
        public let origin: Origin
    }

    /// Every setting, in the order of ``SettingCatalog/all``.
    public let items: [Item]
    private let entries: [SettingKey: SettingsLayer.Entry]

    /// - Parameter layers: lowest first, above the defaults.
    public init(layers: [SettingsLayer] = []) {
        var entries: [SettingKey: SettingsLayer.Entry] = [:]
        for layer in layers {
            entries.merge(layer.entries) { _, upper in upper }
        }
        items = SettingCatalog.all.map { definition in
            let entry = entries[definition.key]
            return Item(
                definition: definition,
                value: entry?.value ?? definition.defaultValue,
                origin: entry?.origin ?? .builtIn
            )
        }
        self.entries = entries
    }

    public subscript<Value>(_ setting: Setting<Value>) -> Value {
        let stored = entries[setting.key]?.value ?? setting.definition.defaultValue
        guard let value = Value(stored) else {
            preconditionFailure("\(setting.key) holds \(stored), which its form does not let in.")
        }
        return value
    }

    public func origin(of key: SettingKey) -> Origin {
        entries[key]?.origin ?? .builtIn
    }

    /// What is wrong with a value beyond its form, told with the place that set it.
    public func fault<Value>(in setting: Setting<Value>, _ message: String) -> SettingsFault {
        SettingsFault(origin: origin(of: setting.key), key: setting.key, message)
    }

    /// These settings as far as they count on SIGHUP, and those of `started` that count only when a node starts.
    public func keepingRestartOnly(from started: Settings) -> Settings {
        var layer = SettingsLayer()
        for definition in SettingCatalog.all {
            let entries = definition.effect == .restart ? started.entries : self.entries
            guard let entry = entries[definition.key] else { continue }
            layer.set(definition.key, entry.value, origin: entry.origin)
        }
        return Settings(layers: [layer])
    }

    /// The settings whose values differ.
    public func changes(from older: Settings) -> [SettingDefinition] {
        zip(items, older.items).filter { $0.value != $1.value }.map { $0.0.definition }
    }
}
