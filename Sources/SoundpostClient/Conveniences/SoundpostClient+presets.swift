public import ControlProtocol

extension SoundpostClient {
    /// The presets of one module, and which of them it plays.
    public func presets(of instance: String) async throws -> PresetList {
        try await ask(ListPresets(instanceId: instance))
    }

    /// Stores values of one module under a name; they are on disk when this returns. Replaces a preset of the same id.
    ///
    /// - Parameters:
    ///   - id: 1 to 64 letters, digits and `_ . # -`.
    ///   - instance: flattened instance id.
    ///   - name: for people; without it, the id.
    ///   - values: to apply and to store. Without them, the present values are stored.
    public func savePreset(
        _ id: String,
        of instance: String,
        name: String? = nil,
        values: [String: JSONScalar]? = nil
    ) async throws {
        _ = try await ask(SavePreset(instanceId: instance, presetId: id, name: name, params: values))
    }

    /// Applies a preset: all of its values, or none.
    @discardableResult
    public func loadPreset(_ id: String, of instance: String) async throws -> PresetData {
        try await ask(LoadPreset(instanceId: instance, presetId: id))
    }

    /// Removes a preset for good.
    public func deletePreset(_ id: String, of instance: String) async throws {
        _ = try await ask(DeletePreset(instanceId: instance, presetId: id))
    }

    /// The parameters in which a preset differs from another one, or from the values in force.
    public func differences(
        of preset: String,
        from other: String? = nil,
        of instance: String
    ) async throws -> [PresetDiff.Difference] {
        try await ask(DiffPresets(instanceId: instance, presetId: preset, otherId: other)).differences
    }

    /// All profiles.
    public func profiles() async throws -> [Profile] {
        try await ask(ListProfiles()).profiles
    }

    /// Stores which preset each of some modules plays; it is on disk when this returns.
    ///
    /// - Parameters:
    ///   - id: 1 to 64 letters, digits and `_ . # -`.
    ///   - name: for people; without it, the id.
    ///   - presets: preset ids by flattened instance id.
    public func saveProfile(_ id: String, name: String? = nil, presets: [String: String]) async throws {
        _ = try await ask(SaveProfile(profileId: id, name: name, modulePresets: presets))
    }

    /// Applies the presets of a profile: all of their values, or none.
    @discardableResult
    public func loadProfile(_ id: String) async throws -> ProfileData {
        try await ask(LoadProfile(profileId: id))
    }

    /// Removes a profile for good. Its presets stay.
    public func deleteProfile(_ id: String) async throws {
        _ = try await ask(DeleteProfile(profileId: id))
    }
}
