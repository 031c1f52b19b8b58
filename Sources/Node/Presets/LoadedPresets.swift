import ControlProtocol
import Storage

/// Which preset each module plays, and whether its values have been changed since: "Bass Boost (changed)".
struct LoadedPresets {
    private struct Loaded {
        var preset: Preset
        var isChanged: Bool
    }

    private var presets: [String: Loaded] = [:]

    /// What a module plays; nil when that was never a preset, or one that was deleted.
    func state(of instance: String) -> (presetId: String, isChanged: Bool)? {
        presets[instance].map { ($0.preset.presetId, $0.isChanged) }
    }

    /// Takes up that a module plays a preset, or none any more.
    mutating func set(_ preset: Preset?, of instance: String, values: ParameterStore) {
        presets[instance] = preset.map { Loaded(preset: $0, isChanged: Self.differs($0, of: instance, from: values)) }
    }

    /// Looks again at a module whose values have changed.
    ///
    /// - Returns: the event, if the answer is another one now.
    mutating func look(at instance: String, values: ParameterStore) -> PresetState? {
        guard var loaded = presets[instance] else { return nil }
        let isChanged = Self.differs(loaded.preset, of: instance, from: values)
        guard isChanged != loaded.isChanged else { return nil }
        loaded.isChanged = isChanged
        presets[instance] = loaded
        return PresetState(instanceId: instance, presetId: loaded.preset.presetId, changed: isChanged)
    }

    private static func differs(_ preset: Preset, of instance: String, from values: ParameterStore) -> Bool {
        preset.params.contains { key, text in values.effective(JournalKey(instance: instance, key: key)) != text }
    }
}
