import ChainModel

/// One layer while it is read: the values that were good, and what is to be said about the others.
struct LayerReading {
    var layer = SettingsLayer()
    /// Names that do nothing.
    var warnings: [SettingsFault] = []
    /// Values that do not fit.
    var faults: [SettingsFault] = []

    mutating func warn(_ origin: Origin, _ message: String) {
        warnings.append(SettingsFault(origin: origin, message))
    }

    /// Takes a value over, or notes what would be right.
    mutating func take(_ value: SettingValue?, of definition: SettingDefinition, origin: Origin, given: String) {
        if let value {
            layer.set(definition.key, value, origin: origin)
        } else {
            faults.append(
                SettingsFault(
                    origin: origin, key: definition.key,
                    "\(given) does not fit; it takes \(definition.form.expectation)"
                )
            )
        }
    }
}
