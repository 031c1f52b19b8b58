import ChainModel
import ControlProtocol
import Foundation
import Storage

/// The presets and profiles on disk: `presets/{instanceId}/{presetId}.json` and `profiles/{profileId}.json`.
///
/// The directories are opened anew for each use and no link in them is followed, so that nothing outside is read or
/// written whatever is put in their place.
struct PresetFiles {
    /// Bytes of one file.
    private static let maximumBytes = 1 << 20
    /// Presets of one module, and profiles.
    static let maximumCount = 1000

    private let directory: URL

    /// - Parameter directory: the node's data directory.
    init(directory: URL) {
        self.directory = directory
    }

    // MARK: Presets

    func preset(_ id: String, of instance: String) throws(ControlError) -> Preset {
        let name = try fileName(id, field: "presetId")
        let stored: StoredPreset? = try attempt { () throws(StorageError) in
            guard let data = try presets(of: instance)?.read(name, limit: Self.maximumBytes) else { return nil }
            return try decode(data, name)
        }
        guard let stored else {
            throw ControlError(.unknownPreset, "\(instance) has no preset \"\(id)\".", field: "presetId")
        }
        return Preset(presetId: id, name: stored.name ?? id, params: stored.params)
    }

    /// Of one module, in the order of their ids. Files that are none are passed over and named to `unreadable`.
    func presets(of instance: String, unreadable: (String) -> Void) throws(ControlError) -> [Preset] {
        try attempt { () throws(StorageError) in
            guard let directory = try presets(of: instance) else { return [] }
            return try ids(in: directory).compactMap { id -> Preset? in
                do throws(StorageError) {
                    let name = try FileName(id: id).appending(Self.suffix)
                    guard let data = try directory.read(name, limit: Self.maximumBytes) else { return nil }
                    let stored: StoredPreset = try decode(data, name)
                    return Preset(presetId: id, name: stored.name ?? id, params: stored.params)
                } catch {
                    unreadable("\(error)")
                    return nil
                }
            }
        }
    }

    /// The same, but a file that is none is an error.
    func everyPreset(of instance: String) throws(ControlError) -> [Preset] {
        var fault: String?
        let presets = try presets(of: instance) { fault = fault ?? $0 }
        if let fault { throw ControlError(.badFile, fault) }
        return presets
    }

    /// On disk when this returns.
    func save(_ preset: Preset, of instance: String) throws(ControlError) {
        let name = try fileName(preset.presetId, field: "presetId")
        let stored = StoredPreset(
            instanceId: instance,
            presetId: preset.presetId,
            name: preset.name,
            params: preset.params
        )
        let folder = try folder(instance)
        try attempt { () throws(StorageError) in
            let directory = try root().makeChild(Self.presetsFolder).makeChild(folder)
            try refuseMore(than: Self.maximumCount, in: directory, unless: name)
            try directory.write(try encode(stored), to: name)
        }
    }

    /// - Returns: whether there was one.
    func deletePreset(_ id: String, of instance: String) throws(ControlError) -> Bool {
        let name = try fileName(id, field: "presetId")
        return try attempt { () throws(StorageError) in try presets(of: instance)?.remove(name) ?? false }
    }

    // MARK: Profiles

    func profile(_ id: String) throws(ControlError) -> Profile {
        let name = try fileName(id, field: "profileId")
        let stored: StoredProfile? = try attempt { () throws(StorageError) in
            guard let data = try root().child(Self.profilesFolder)?.read(name, limit: Self.maximumBytes) else {
                return nil
            }
            return try decode(data, name)
        }
        guard let stored else {
            throw ControlError(.unknownProfile, "There is no profile \"\(id)\".", field: "profileId")
        }
        return Profile(profileId: id, name: stored.name ?? id, modulePresets: stored.modulePresets)
    }

    /// In the order of their ids. Files that are none are passed over and named to `unreadable`.
    func profiles(unreadable: (String) -> Void) throws(ControlError) -> [Profile] {
        try attempt { () throws(StorageError) in
            guard let directory = try root().child(Self.profilesFolder) else { return [] }
            return try ids(in: directory).compactMap { id -> Profile? in
                do throws(StorageError) {
                    let name = try FileName(id: id).appending(Self.suffix)
                    guard let data = try directory.read(name, limit: Self.maximumBytes) else { return nil }
                    let stored: StoredProfile = try decode(data, name)
                    return Profile(profileId: id, name: stored.name ?? id, modulePresets: stored.modulePresets)
                } catch {
                    unreadable("\(error)")
                    return nil
                }
            }
        }
    }

    /// The same, but a file that is none is an error.
    func everyProfile() throws(ControlError) -> [Profile] {
        var fault: String?
        let profiles = try profiles { fault = fault ?? $0 }
        if let fault { throw ControlError(.badFile, fault) }
        return profiles
    }

    /// On disk when this returns.
    func save(_ profile: Profile) throws(ControlError) {
        let name = try fileName(profile.profileId, field: "profileId")
        let stored = StoredProfile(
            profileId: profile.profileId,
            name: profile.name,
            modulePresets: profile.modulePresets
        )
        try attempt { () throws(StorageError) in
            let directory = try root().makeChild(Self.profilesFolder)
            try refuseMore(than: Self.maximumCount, in: directory, unless: name)
            try directory.write(try encode(stored), to: name)
        }
    }

    /// - Returns: whether there was one.
    func deleteProfile(_ id: String) throws(ControlError) -> Bool {
        let name = try fileName(id, field: "profileId")
        return try attempt { () throws(StorageError) in try root().child(Self.profilesFolder)?.remove(name) ?? false }
    }

    // MARK: Names and forms

    private static let suffix: StaticString = ".json"
    private static let presetsFolder = FileName("presets")
    private static let profilesFolder = FileName("profiles")

    private struct StoredPreset: Codable {
        var instanceId: String
        var presetId: String
        var name: String?
        var params: [String: String]
    }

    private struct StoredProfile: Codable {
        var profileId: String
        var name: String?
        var modulePresets: [String: String]
    }

    private func root() throws(StorageError) -> SafeDirectory {
        try SafeDirectory(directory)
    }

    private func presets(of instance: String) throws(StorageError) -> SafeDirectory? {
        guard let folder = FileName(dotted: instance) else { return nil }
        return try root().child(Self.presetsFolder)?.child(folder)
    }

    private func folder(_ instance: String) throws(ControlError) -> FileName {
        guard InstanceID(rawValue: instance) != nil, let name = FileName(dotted: instance) else {
            throw ControlError(
                .badField,
                "\"\(instance.prefix(80))\" is no instance id such as gain#1 or group#1.gain#1.",
                field: "instanceId"
            )
        }
        return name
    }

    private func fileName(_ id: String, field: String) throws(ControlError) -> FileName {
        do throws(StorageError) {
            return try FileName(id: id).appending(Self.suffix)
        } catch {
            throw ControlError(.badField, "\(error)", field: field)
        }
    }

    private func ids(in directory: borrowing SafeDirectory) throws(StorageError) -> [String] {
        try directory.names()
            .filter { $0.hasSuffix("\(Self.suffix)") && !$0.hasPrefix(".") }
            .map { String($0.dropLast(Self.suffix.utf8CodeUnitCount)) }
    }

    private func refuseMore(
        than count: Int,
        in directory: borrowing SafeDirectory,
        unless name: FileName
    ) throws(StorageError) {
        let names = try directory.names()
        guard names.count < count || names.contains(name.rawValue) else {
            throw StorageError(
                .tooLarge,
                operation: "write",
                path: name.rawValue,
                reason: "there are \(names.count) already; delete some first"
            )
        }
    }

    private func decode<Value: Decodable>(_ data: Data, _ name: FileName) throws(StorageError) -> Value {
        do {
            try JSONGuard().check(data)
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw StorageError(.damaged, operation: "read", path: name.rawValue, reason: "\(error)")
        }
    }

    private func encode(_ value: some Encodable) throws(StorageError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            throw StorageError(.failed, operation: "encode", path: "", reason: "\(error)")
        }
    }

    private func attempt<Value>(_ body: () throws(StorageError) -> Value) throws(ControlError) -> Value {
        do throws(StorageError) {
            return try body()
        } catch {
            throw ControlError(error.code == .damaged ? .badFile : .storage, "\(error)")
        }
    }
}
